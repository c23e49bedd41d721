// The means of a form with their bands, drawn on the range of its answers.
import { svg } from "./common.js";

// One unit of the drawing is about one pixel on a phone, so that its text can be read there.
const WIDTH = 340;
const [LEFT, RIGHT] = [12, 12];
const ROW = 58;

/** `scores`: `{ name, mean, low, high }` each. `sentence`: the same in words. */
export function figure(scores, { lowest, highest }, sentence) {
  const x = (value) => LEFT + ((value - lowest) / (highest - lowest)) * (WIDTH - LEFT - RIGHT);
  const bottom = scores.length * ROW + 6;
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
  const line = (name, x1, y1, x2, y2) => svg("line", { class: name, x1, y1, x2, y2 });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${bottom + 24}`, role: "img", "aria-label": sentence },
    ticks.map((value) => [
      line("es-tick", x(value), 8, x(value), bottom),
      svg("text", { x: x(value), y: bottom + 17, "text-anchor": "middle" }, String(value)),
    ]),
    line("es-axis", x(lowest), bottom, x(highest), bottom),
    scores.map(({ name, mean, low, high }, index) => {
      const middle = index * ROW + 38;
      return [
        svg("text", { class: "es-name", x: x(lowest) + 4, y: middle - 16 }, `${name} ${mean.toFixed(2)}`),
        svg("rect", { class: "es-band", x: x(low), y: middle - 7, width: x(high) - x(low), height: 14 }),
        svg("circle", { class: "es-mean", cx: x(mean), cy: middle, r: 5 }),
      ];
    }));
}
