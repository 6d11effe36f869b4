import {messageOf} from '../../../errors.js';
import {clean, cleanLines, wrapHanging} from '../../clip.js';
import {dim, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import {said} from './item.js';

/** What went wrong where a page was to stand: the sentence, what it was seen by, and what to try; in `columns`. */
export function failureLines(error: unknown, columns: number): Line[] {
  const message = messageOf(error);
  const {detail, next} = adviceOf(error);
  const rows = (text: string, hang: number) => wrapHanging(clean(text), columns, hang);
  return [
    ...wrapHanging(said(glyph.failed, clean(message)).text, columns, 2).map((text) => [
      span(text, {tone: 'bad'}),
    ]),
    ...(detail === '' ? [] : cleanLines(detail)).flatMap((line) =>
      rows(`  ${line}`, 2).map((text) => [dim(text)]),
    ),
    ...next.flatMap((way) => rows(`  try: ${way}`, 7).map((text) => [span(text)])),
  ];
}

/** An error of this program says more than its message. */
function adviceOf(error: unknown): {detail: string; next: readonly string[]} {
  const {detail, next} = (error ?? {}) as {detail?: unknown; next?: unknown};
  return {
    detail: typeof detail === 'string' ? detail : '',
    next: Array.isArray(next) ? next.filter((way) => typeof way === 'string') : [],
  };
}
