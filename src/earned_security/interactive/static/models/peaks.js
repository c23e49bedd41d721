// Twin of models/peaks.py.

/** Where values peak from `first` on, in steps; between the points, by a parabola through three of them. */
export function peaks(values, first = 0) {
  const found = [];
  for (let i = Math.max(first, 1); i < values.length - 1; i += 1) {
    const [before, here, after] = [values[i - 1], values[i], values[i + 1]];
    if (before < here && here >= after) found.push(i + 0.5 * (before - after) / (before - 2 * here + after));
  }
  return found;
}
