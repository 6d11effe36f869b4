import type {PreflightCheck} from '../../drill/checks.js';
import {clean, wrapHanging} from '../clip.js';
import {span, type Line, type Tone} from '../line.js';
import {glyph} from '../theme.js';

const signs: Readonly<Record<PreflightCheck['sign'], {mark: string; tone: Tone}>> = {
  ok: {mark: glyph.done, tone: 'good'},
  warn: {mark: glyph.warn, tone: 'warn'},
  stop: {mark: glyph.failed, tone: 'bad'},
};

/** The checklist before a drill: a sign and a sentence each; what to do stands under what is not well. Pure. */
export function checkLines(checks: readonly PreflightCheck[], columns: number, force: boolean): Line[] {
  return checks.flatMap(({sign, say, next, forceable}) => {
    const {mark, tone} = signs[sign];
    const lines = wrapHanging(`${mark} ${clean(say)}`, columns, 2).map((text, index): Line =>
      index === 0 ? [span(mark, {tone}), span(text.slice(mark.length))] : [span(text)],
    );
    const hints = [
      ...(next === undefined ? [] : [next]),
      ...(sign === 'stop' && forceable && !force ? ['To make the drill all the same: --force'] : []),
    ];
    return [
      ...lines,
      ...hints.flatMap((hint) =>
        wrapHanging(`  → ${clean(hint)}`, columns, 4).map((text): Line => [span(text)]),
      ),
    ];
  });
}

/** What the fault will do, before anybody agrees to it. Pure. */
export const impactLines = (impact: readonly string[], columns: number): Line[] =>
  impact
    .flatMap((text) => wrapHanging(`${glyph.open} ${clean(text)}`, columns, 2))
    .map((text): Line => [span(text)]);
