import type {Outcome} from './run.js';
import type {Sequence} from './sequence.js';

/** 3:07.5 */
export function clockTime(ms: number): string {
  const tenths = Math.round(ms / 100);
  const rest = tenths % 600;
  return `${Math.floor(tenths / 600)}:${String(Math.floor(rest / 10)).padStart(2, '0')}.${rest % 10}`;
}

/** `2@20000+300000#17`: row, start, ms it lasts (`x`: for ever), dice. */
export const short = ({faults}: Sequence) =>
  faults
    .map(({row, atMs, forMs, dice}) => `${row}@${atMs}+${Number.isFinite(forMs) ? forMs : 'x'}#${dice}`)
    .join(' ');

export function parseShort(text: string): Sequence['faults'] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const match = /^([\w:-]+)@(\d+)\+(\d+|x)#(\d+)$/.exec(word);
      if (!match) throw new RangeError(`"${word}" is not a fault such as 21@20000+60000#7.`);
      const [, row, atMs, forMs, dice] = match;
      const lasts = forMs === 'x' ? Number.POSITIVE_INFINITY : Number(forMs);
      return {row: row!, atMs: Number(atMs), forMs: lasts, dice: Number(dice)};
    });
}

export const command = ({seed}: Sequence) => `npm run simulate -- --seed ${seed}`;
export const exactly = (sequence: Sequence) =>
  `npm run simulate -- --seed ${sequence.seed} --variant "${sequence.variant}" --faults "${short(sequence)}"`;

const marks = {fault: '⚡', over: '✓', host: '·', monitor: '»'} as const;

/** What happened, as timed sentences: faults, and the monitor's own words. */
export function story({sequence, world, violation}: Outcome): string {
  const lines = world.lines.map(({atMs, who, say}) => {
    const said = who === 'over' ? `over: ${say}` : say;
    return `${clockTime(atMs).padStart(9)} ${marks[who]} ${said}`;
  });
  if (violation) lines.push(`${clockTime(violation.atMs).padStart(9)} ✗ ${violation.rule}: ${violation.say}`);
  return [`seed ${sequence.seed}, ${sequence.variant}, ${sequence.faults.length} faults`, ...lines].join(
    '\n',
  );
}
