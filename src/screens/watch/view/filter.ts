import type {TimelineEntry} from '../model/sample.js';
import type {LevelFilter, ViewState} from './state.js';

const levelWords: Readonly<Record<LevelFilter, string>> = {
  all: '',
  warnings: 'warnings and alerts',
  alerts: 'alerts',
};

const within: Readonly<Record<LevelFilter, ReadonlySet<TimelineEntry['level']>>> = {
  all: new Set(['info', 'warning', 'alert']),
  warnings: new Set(['warning', 'alert']),
  alerts: new Set(['alert']),
};

type Test = (entry: TimelineEntry) => boolean;

/** `host:standby`, `level:alert`, `event:promoted`; anything else is looked for in all of them and in the sentence. */
function testOf(word: string): Test {
  const [, field, wanted] = /^(host|level|event):(.+)$/.exec(word) ?? [];
  if (field !== undefined && wanted !== undefined) {
    const name = field as 'host' | 'level' | 'event';
    return (entry) => (entry[name] ?? '').startsWith(wanted);
  }
  return ({sentence, host, event, level}) =>
    [sentence, host, event ?? '', level].some((text) => text.toLowerCase().includes(word));
}

/** Entries that have every word of the filter and are of its level, in their order. */
export function filtered(
  timeline: readonly TimelineEntry[],
  {filter, level}: Pick<ViewState, 'filter' | 'level'>,
): readonly TimelineEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && level === 'all') return timeline;
  const tests = words.map(testOf);
  return timeline.filter((entry) => within[level].has(entry.level) && tests.every((test) => test(entry)));
}

/** What is filtered by, for the heading; empty: nothing. */
export function filterWords({filter, level}: Pick<ViewState, 'filter' | 'level'>): string {
  return [levelWords[level], filter.trim() === '' ? '' : `/${filter.trim()}`].filter(Boolean).join(' · ');
}
