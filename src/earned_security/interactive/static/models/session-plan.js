// Twin of interactive/session_planner.py: the same portions, dealt in the same order.
const PORTIONS = 10;

const fits = (when, setting) => Object.entries(when ?? {}).every(([name, values]) => values.includes(setting[name]));

/** Ten portions from the top: [{intervention, portions, because}]; the first line of each that fits says how many. */
export function deal(interventions, setting) {
  let left = PORTIONS;
  return interventions.map(({ id, lines }) => {
    const { give, because } = lines.find(({ when }) => fits(when, setting));
    const portions = Math.min(give, left);
    left -= portions;
    return { intervention: id, portions, because };
  });
}

/** How two plans differ: how many portions moved, and [id, number] of those that lost and of those that gained. */
export function moved(before, after) {
  const changes = after.map(({ intervention, portions }, index) => [intervention, portions - before[index].portions]);
  const lost = changes.filter(([, change]) => change < 0).map(([id, change]) => [id, -change]);
  const gained = changes.filter(([, change]) => change > 0);
  return { count: gained.reduce((sum, [, change]) => sum + change, 0), lost, gained };
}
