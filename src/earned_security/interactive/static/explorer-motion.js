// A figure while a control moves: the elements that plotly has drawn are moved to new numbers, which takes a
// tenth of the time that plotly takes to draw them anew. Plotly does so once the control rests.

const PADDING = 1 / 18; // above and below a line, as plotly leaves it: a twentieth of the axis
const CROWDED = 2; // an axis that has grown so many times over needs other ticks
const OUT_OF_SIGHT = [-9999, 0]; // for what has no place now; what is there can be shown, or copied, again

const axisOf = (layout, letter, id) => layout[`${letter}axis${(id ?? letter).slice(1)}`];
const round = (pixels) => Math.round(pixels * 100) / 100;
const attribute = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

/** The axes that find their own range, each with the series drawn on it; axes that match are one. */
function growing(traces, layout) {
  const found = new Map();
  for (const trace of traces) {
    for (const letter of ["x", "y"]) {
      const axis = axisOf(layout, letter, trace[`${letter}axis`]);
      if (!axis.autorange) continue;
      const group = axis.matches ?? axis._id;
      const { axes, series } = found.get(group) ?? { axes: new Set(), series: [] };
      found.set(group, { axes: axes.add(axis), series: [...series, trace[letter]] });
    }
  }
  return [...found.values()];
}

/** Widen an axis for what leaves it: its ticks and level lines move. True where it should soon have other ticks. */
function grow(plot, { axes, series }, shapes) {
  const [{ _id: id, range: [low, high] }] = axes;
  let [least, most] = [low, high];
  for (const values of series) {
    for (const value of values) {
      if (value === null) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (least === low && most === high) return false;
  const padding = id[0] === "y" ? PADDING * (most - least) : 0;
  const range = [least < low ? least - padding : low, most > high ? most + padding : high];
  for (const axis of axes) {
    axis.drawnFor ??= high - low;
    axis.range = [...range];
    axis.setScale();
    const across = axis._id[0] === "x";
    for (const tick of plot.querySelectorAll(`.${axis._id}tick > text, .${axis._id}grid`)) {
      const place = axis._offset + axis.l2p(tick.__data__.x);
      tick.setAttribute("transform", across ? `translate(${place},0)` : `translate(0,${place})`);
    }
    for (const path of plot.querySelectorAll(".shapelayer path")) {
      const shape = shapes[path.dataset.index];
      if (shape.type !== "line" || shape.yref !== axis._id) continue;
      const height = axis._offset + axis.l2p(shape.y0);
      path.setAttribute("d", path.getAttribute("d").replace(/,[-\d.]+/g, `,${height}`));
    }
  }
  return range[1] - range[0] > CROWDED * axes.values().next().value.drawnFor;
}

/** The lines of a trace, and what is filled under or within them. */
function moveLines(group, trace, places, zero) {
  const parts = [];
  let open = false;
  for (const place of places) {
    if (place) parts.push(open ? "L" : "M", place[0], ",", place[1]);
    open = place !== null;
  }
  const [line, ...others] = group.querySelectorAll(".js-line");
  if (trace.mode.includes("lines")) {
    if (!line) return false;
    attribute(line, "d", parts.join("") || "M0,0");
    others.forEach((other) => attribute(other, "d", "M0,0")); // plotly gives each part between gaps its own
  }
  if (!trace.fill) return true;
  const filled = group.querySelector(".js-fill");
  if (!filled) return false;
  const drawn = places.filter(Boolean);
  const within = () => `${parts.join("").replaceAll("M", "ZM").slice(1)}Z`;
  const under = () => `M${drawn[0][0]},${zero}L${drawn.map((place) => place.join()).join("L")}L${drawn.at(-1)[0]},${zero}Z`;
  attribute(filled, "d", drawn.length ? (trace.fill === "toself" ? within() : under()) : "M0,0");
  return true;
}

/** The marks of a trace: as many as there are points, each a copy of the first. */
function moveMarks(group, trace, places) {
  if (!trace.mode.includes("markers")) return true;
  const marks = [...group.querySelectorAll(".point")];
  const wanted = trace.marker.maxdisplayed
    ? marks.map((mark) => places[mark.__data__.i]) : places.filter(Boolean);
  if (!marks.length) return !wanted.length;
  for (let index = marks.length; index < wanted.length; index += 1) {
    marks.push(marks[0].parentNode.appendChild(marks[0].cloneNode()));
  }
  marks.forEach((mark, index) => {
    if (index && !wanted[index]) mark.remove();
    else attribute(mark, "transform", `translate(${wanted[index] ?? OUT_OF_SIGHT})`);
  });
  return true;
}

/** The words of a trace, each at its own point. */
function moveWords(group, trace, places) {
  if (!trace.mode.includes("text")) return true;
  const words = new Map([...group.querySelectorAll(".textpoint")].map((each) => [each.__data__.i, each]));
  for (const [point, word] of words) {
    const [x, y] = places[point] ?? OUT_OF_SIGHT;
    for (const element of word.querySelectorAll("text, .line")) {
      attribute(element, "x", `${x}`);
      attribute(element, "y", `${y}`);
    }
  }
  return places.every((place, point) => !place || words.has(point));
}

const isPoint = ({ x, y }, index) => [x[index], y[index]].every((value) => value !== null && value !== undefined);
const pointsOf = (trace) => [...trace.x.keys()].filter((index) => isPoint(trace, index));

/**
 * The traces for plotly to draw. One without points is drawn unseen on some that are in the middle of its panel, so that
 * it has elements to be moved when it gets its own.
 */
export function withStandIns(traces) {
  const panel = ({ xaxis, yaxis }) => `${xaxis} ${yaxis}`;
  return traces.map((trace) => {
    if (pointsOf(trace).length) return trace;
    const other = traces.find((each) => panel(each) === panel(trace) && pointsOf(each).length > 1);
    if (!other) return trace;
    const points = pointsOf(other);
    const places = Array.from({ length: trace.text?.length ?? 2 }, (_, index) =>
      points[(points.length >> 1) - (index % 2)]);
    return {
      ...trace, x: places.map((place) => other.x[place]), y: places.map((place) => other.y[place]),
      meta: { ...trace.meta, standIn: true }, opacity: 0, hoverinfo: "skip", hovertemplate: undefined,
    };
  });
}

/** Where the points of a trace are in their panel, in pixels; null for a gap. */
function placesOf(trace, across, up) {
  return trace.x.map((x, index) => (isPoint(trace, index) ? [round(across.l2p(x)), round(up.l2p(trace.y[index]))] : null));
}

/**
 * Shows `traces`, which differ from the drawn ones in their numbers alone: "shown", or "crowded" where an axis should
 * soon have other ticks. An axis may grow and does not shrink, so that a change is seen as one. "not" where only plotly
 * can draw them: other traces, or elements that are not there.
 */
export function move(plot, traces) {
  const { calcdata, _fullLayout: layout } = plot;
  if (calcdata?.length !== traces.length) return "not";
  const crowded = growing(traces, layout).map((each) => grow(plot, each, layout.shapes ?? [])).includes(true);
  const moved = traces.every((trace, index) => {
    const [across, up] = ["x", "y"].map((letter) => axisOf(layout, letter, trace[`${letter}axis`]));
    const places = placesOf(trace, across, up);
    const group = calcdata[index][0].node3?.node();
    if (!group) return places.every((place) => !place);
    group.style.opacity = trace.opacity ?? 1;
    return moveLines(group, trace, places, round(up.l2p(0)))
      && moveMarks(group, trace, places) && moveWords(group, trace, places);
  });
  if (!moved) return "not";
  return crowded ? "crowded" : "shown";
}
