import {footerKeys, type FooterKey, type Place, type Situation} from '../../keys.js';
import {clipLine, dim, lineWidth, span, spread, type Line} from '../../line.js';

function words(keys: readonly FooterKey[], gap: number): Line {
  return keys.flatMap(({keys: key, short}, index): Line => [
    span(`${' '.repeat(index === 0 ? 0 : gap)}${key}`, {bold: true}),
    dim(` ${short}`),
  ]);
}

/** Keys with air between them; where that does not fit, without those that matter least. */
export function keysThatFit(keys: readonly FooterKey[], columns: number): Line {
  const kept = [...keys];
  for (;;) {
    const found = [3, 2].map((gap) => words(kept, gap)).find((line) => lineWidth(line) <= columns);
    const most = Math.max(...kept.map(({yields}) => yields), 0);
    if (found !== undefined || most === 0) return found ?? clipLine(words(kept, 1), columns);
    kept.splice(
      kept.findLastIndex(({yields}) => yields === most),
      1,
    );
  }
}

/** The footer of a place, with the longest hint that fits at its right; a hint goes before keys do. */
export function footerLine(
  places: readonly Place[],
  columns: number,
  {situation = {}, hints = []}: {situation?: Situation; hints?: readonly string[]} = {},
): Line {
  const shortest = hints.at(-1) ?? '';
  const room = shortest === '' ? columns : columns - shortest.length - 2;
  const line = keysThatFit(footerKeys(places, situation), room);
  const hint = hints.find((each) => lineWidth(line) + 2 + each.length <= columns) ?? '';
  return hint === '' ? line : spread(line, [dim(hint)], columns);
}
