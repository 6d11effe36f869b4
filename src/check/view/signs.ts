import type {Tone} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import type {Level} from '../answer.js';

/** A sign, and the word that stands beside it. */
export const signs: Readonly<Record<Level, {mark: string; word: string; tone?: Tone}>> = {
  problem: {mark: glyph.failed, word: 'problem', tone: 'bad'},
  warning: {mark: glyph.warn, word: 'warning', tone: 'warn'},
  unknown: {mark: glyph.unknown, word: 'not known', tone: 'warn'},
  tip: {mark: glyph.open, word: 'tip'},
  ok: {mark: glyph.done, word: 'well', tone: 'good'},
};
