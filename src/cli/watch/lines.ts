import type {TimelineEntry, WatchSample} from '../../screens/watch/model/sample.js';
import {splitSentences} from '../../screens/split-words.js';

/** What was said of a pair already. */
export interface Said {
  /** The verdict, without what moves in it by itself. */
  verdict: string;
  /** Keys of the timeline that were there. */
  keys: ReadonlySet<string>;
  /** epoch ms; what happened before is no news. */
  sinceMs: number;
}

export const nothingSaid = (sinceMs: number): Said => ({verdict: '', keys: new Set(), sinceMs});

/** A sentence, and when it was true: epoch ms. */
export interface SaidLine {
  atMs: number;
  text: string;
}

/**
 * What is to be said of a pair after a change: new events, then the verdict when it is another one. What happened before
 * the watching began is for `openclaw-failover events` and the screen, also when its host is only reached later. Pure.
 */
export function linesOf(
  said: Said,
  {sample, timeline}: {sample: WatchSample; timeline: readonly TimelineEntry[]},
): {lines: SaidLine[]; said: Said} {
  const lines: SaidLine[] = timeline
    .filter(({key, atMs}) => atMs >= said.sinceMs && !said.keys.has(key))
    .map(({atMs, host, sentence}) => ({atMs, text: `${whose[host]}${sentence}`}));
  const verdict = verdictText(sample);
  if (withoutFigures(verdict) !== said.verdict) lines.push({atMs: sample.atMs, text: verdict});
  return {
    lines,
    said: {...said, verdict: withoutFigures(verdict), keys: new Set(timeline.map(({key}) => key))},
  };
}

const whose = {primary: 'primary: ', standby: 'standby: ', laptop: ''} as const;

function verdictText({verdict, split}: WatchSample): string {
  const conflict = split.state === 'conflict' ? ` ${splitSentences(split).join(' ')}` : '';
  const text = `${verdict.words}. ${verdict.sentence}`;
  return conflict !== '' && !text.includes(conflict.trim()) ? `${text}${conflict}` : text;
}

/** Ages and counts grow with every reading and would be a change each time. */
const withoutFigures = (text: string) =>
  text.replaceAll(/\d+(?:[.:]\d+)?(?:\/\d+)? ?(?:ms|s|min|h|d|%|[KMGT]?B)?\b/g, '#');
