// The plan as a drawing: a row of ten places for each intervention, as many of them filled as it has portions.
import { svg } from "./common.js";

// One unit of the drawing is about one pixel on a phone, so that its text can be read there.
const WIDTH = 340;
const PLACES = 10;
const PLACE = WIDTH / PLACES;
const ROW = 46;
const LINE = 18;
const LETTERS = 32; // of the label, in one line

/** `rows`: [name, portions]; `description` says the same in words; `label` says whose weights these are. */
export function drawing(rows, description, label) {
  const bottom = rows.length * ROW;
  const lines = wrap(label);
  return svg("svg", {
    class: "es-plan", viewBox: `0 0 ${WIDTH} ${bottom + lines.length * LINE + 4}`, role: "img", "aria-label": `${description} ${label}.`,
  }, rows.map(([name, portions], index) => {
    const top = index * ROW;
    return [
      svg("text", { x: 0, y: top + 14 }, name),
      svg("text", { x: WIDTH, y: top + 14, "text-anchor": "end", "font-weight": 600 }, String(portions)),
      Array.from({ length: PLACES }, (_, place) => svg("rect", {
        x: place * PLACE + 1, y: top + 20, width: PLACE - 4, height: 14, ...(place < portions ? { "data-filled": "" } : {}),
      })),
    ];
  }), lines.map((line, index) => svg("text", { x: 0, y: bottom + (index + 1) * LINE - 2, "font-style": "italic" }, line)));
}

function wrap(text) {
  return text.split(" ").reduce(([line, ...rest], word) =>
    (`${line} ${word}`.length > LETTERS ? [word, line, ...rest] : [`${line} ${word}`.trim(), ...rest]), [""]).reverse();
}
