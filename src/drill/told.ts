import type {Drill} from './drill.js';
import type {Course} from './timeline.js';

/** ms by which a delivery may seem to come before the decision that it tells of: two clocks. */
const clocksMs = 500;

/** Marks the first delivery after the decision, to whoever it went. True once somebody was told. */
export function noteTold(drill: Drill, {timeline}: Course): boolean {
  const {verdict} = timeline;
  if (drill.marks.some(({id}) => id === 'told')) return true;
  if (!verdict) return false;
  const [first] = (drill.parts.store.live?.telling?.targets ?? [])
    .filter(({kind, deliveredAt}) => kind !== 'ping' && deliveredAt !== null)
    .map(({name, deliveredAt}) => ({
      name,
      atMs: Date.parse(deliveredAt!) - drill.clocks.standby.offsetMs,
    }))
    .filter(({atMs}) => atMs >= verdict.atMs - clocksMs)
    .toSorted((a, b) => a.atMs - b.atMs);
  if (first === undefined) return false;
  drill.mark('told', Math.round(Math.max(first.atMs, verdict.atMs)), first.name);
  return true;
}
