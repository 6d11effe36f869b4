import type {MonitorEvent} from '../monitor/events.js';
import {accountOfGiveBack} from './account-give-back.js';
import {accountOfSuspicion} from './account-suspicion.js';
import type {Chapter} from './chapters.js';
import {stepsOf} from './chapters.js';
import type {Selected} from './select.js';
import {zeroOf, type Ending, type Story, type StoryKind} from './stories.js';

/** One thing that is told. `atMs`: since the beginning of the story; null: it has no time of its own. */
export interface Told {
  atMs: number | null;
  say: string;
}

export interface Section {
  title: string;
  told: Told[];
}

/** A stretch of the time that it took. */
export interface Part {
  name: string;
  ms: number;
}

/** A story explained. */
export interface Account {
  kind: StoryKind;
  ending: Ending;
  /** One sentence: what came of it, and why. */
  headline: string;
  /** Epoch ms from which the times of `told` are counted, by the clock of the standby. */
  wallMs: number;
  /** Sequence numbers of its first and last event. */
  seq: [number, number];
  sections: Section[];
  parts: Part[];
  /** Whether more than the events is known of it. */
  recorded: boolean;
  /** The replay makes the recorded decisions; null: there is no record. */
  faithful: boolean | null;
}

/** What is known of a story: its events, and what of the record falls into it. */
export interface Known {
  story: Story;
  chapters: Chapter[];
  /** Monotonic ms of its beginning. */
  zeroMs: number;
  /** ms since its beginning. */
  at(event: MonitorEvent): number;
}

/** Explains a story from its events, and from the record where there is one. Pure. */
export function accountOf(
  {story, seq}: Extract<Selected, {story: Story}>,
  chapters: readonly Chapter[],
): Account {
  const known = knownOf(story, chapters);
  const {events, kind, ending} = story;
  const [first, last] = [events[0]!, events.at(-1)!];
  const {headline, sections, parts} = bodyOf(known);
  const named = events.find((event) => event.seq === seq);
  return {
    kind,
    ending,
    headline,
    wallMs: Date.parse(first.time) - first.ms + known.zeroMs,
    seq: [first.seq, last.seq],
    sections: [
      ...(named && kind !== 'remark'
        ? [{title: `Event ${named.seq}, ${named.event}`, told: [{atMs: known.at(named), say: named.say}]}]
        : []),
      ...sections.filter(({told}) => told.length > 0),
    ],
    parts,
    recorded: known.chapters.length > 0,
    faithful: known.chapters.length > 0 ? known.chapters.every(({replayed}) => replayed.faithful) : null,
  };
}

function bodyOf(known: Known): Pick<Account, 'headline' | 'sections' | 'parts'> {
  const {kind, events} = known.story;
  if (kind === 'suspicion') return accountOfSuspicion(known);
  if (kind === 'give-back') return accountOfGiveBack(known);
  return {headline: events[0]!.say, sections: [], parts: []};
}

export function knownOf(story: Story, chapters: readonly Chapter[]): Known {
  const {kind, events} = story;
  const first = events[0]!;
  const lastMs = events.at(-1)!.ms;
  const mine = chapters.filter((chapter) => {
    const beganMs = stepsOf(chapter)[0]!.ms;
    // Events have whole ms.
    return (
      chapter.kind === kind && chapter.boot === first.boot && beganMs > first.ms - 1 && beganMs < lastMs + 1
    );
  });
  const zeroMs = mine[0]?.zeroMs ?? zeroOf(story);
  return {story, chapters: mine, zeroMs, at: (event) => Math.max(0, event.ms - zeroMs)};
}
