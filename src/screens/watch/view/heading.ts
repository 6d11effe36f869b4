import {dim, lineWidth, span, type Line} from '../../line.js';
import {clipLine} from '../../line.js';
import {glyph} from '../../theme.js';

/** A rule with words in it, some at its left and some at its right: `── timeline ─────────── 3 newer below ──`. */
export function heading(left: Line, right: Line, columns: number): Line {
  const leftWidth = lineWidth(left) + 2;
  const rightWidth = lineWidth(right) === 0 ? 0 : lineWidth(right) + 4;
  const between = columns - leftWidth - rightWidth;
  if (between < 1) return clipLine([...left, span(' '), ...right], columns);
  return [
    ...left,
    span(' '),
    dim(glyph.rule.repeat(between + 1)),
    ...(rightWidth === 0 ? [] : [span(' '), ...right, span(' '), dim(glyph.rule.repeat(2))]),
  ];
}
