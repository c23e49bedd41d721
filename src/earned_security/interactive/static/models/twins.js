// The page's own version of each model, by the name that Python gives it.
import { simulate as threatLearning } from "./threat-learning.js";

export const twins = {
  "threat-learning": threatLearning,
};
