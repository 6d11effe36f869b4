import {clipLine, dim, lineWidth, span, spread, type Line} from './line.js';
import {glyph} from './theme.js';

type FooterKey = {keys: string; short: string};

function words(keys: readonly FooterKey[], gap: string): Line {
  return keys.flatMap(({keys: key, short}, index): Line => [
    span(`${index === 0 ? '' : gap}${key}`, {bold: true}),
    dim(` ${short}`),
  ]);
}

/** Keys on the left, closer together where it is narrow; the longest hint that fits beside them on the right. */
export function keyLine(keys: readonly FooterKey[], hints: readonly string[], columns: number): Line {
  const wide = words(keys, '   ');
  const left = lineWidth(wide) <= columns ? wide : words(keys, ' ');
  const hint = hints.find((each) => lineWidth(left) + 2 + each.length <= columns) ?? '';
  return hint === '' ? clipLine(left, columns) : spread(left, [dim(hint)], columns);
}

/** A line of its own between parts of a page. */
export function rule(columns: number): Line {
  return [dim(glyph.rule.repeat(columns))];
}
