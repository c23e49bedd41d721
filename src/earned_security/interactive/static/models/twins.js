// The page's own version of each model, by the name that Python gives it.
import { simulate as conversation } from "./conversation.js";
import { simulate as cortisolPulses } from "./cortisol-pulses.js";
import { simulate as coupledOscillators } from "./coupled-oscillators.js";
import { simulate as glandMass } from "./gland-mass.js";
import { simulate as latentCauses } from "./latent-causes.js";
import { simulate as cortisolDay } from "./cortisol-day.js";
import { simulate as stressLoop } from "./stress-loop.js";
import { simulate as threePersonRhythm } from "./three-person-rhythm.js";
import { simulate as arousalWindow } from "./arousal-window.js";
import { simulate as prefrontalAmygdala } from "./prefrontal-amygdala.js";
import { simulate as threeNetworks } from "./three-networks.js";
import { simulate as oneCorrelation } from "./one-correlation.js";
import { simulate as overlappingPredictors } from "./overlapping-predictors.js";
import { simulate as needShameRage } from "./need-shame-rage.js";
import { simulate as threatLearning } from "./threat-learning.js";

export const twins = {
  "conversation": conversation,
  "cortisol-pulses": cortisolPulses,
  "coupled-oscillators": coupledOscillators,
  "gland-mass": glandMass,
  "latent-causes": latentCauses,
  "cortisol-day": cortisolDay,
  "stress-loop": stressLoop,
  "three-person-rhythm": threePersonRhythm,
  "arousal-window": arousalWindow,
  "prefrontal-amygdala": prefrontalAmygdala,
  "three-networks": threeNetworks,
  "one-correlation": oneCorrelation,
  "overlapping-predictors": overlappingPredictors,
  "need-shame-rage": needShameRage,
  "threat-learning": threatLearning,
};
