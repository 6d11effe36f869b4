import type {Story} from './stories.js';

/** A story that was asked for, or one sentence why there is none. */
export type Selected =
  {story: Story; /** The event that was named, by `seq`. */ seq?: number} | {wrong: string};

const dayMs = 24 * 3_600_000;
/** ms: a time of day means the newest story as near as this, and else the nearest. */
const nearMs = 30 * 60_000;

/**
 * The story that `asked` means: a sequence number, the name of an event (its newest), a time of day in the operator's
 * own time (`14:02`) or an ISO time (the nearest story). Without it the newest that is more than a remark.
 */
export function selectStory(stories: readonly Story[], asked: string | undefined): Selected {
  const told = stories.filter(({kind}) => kind !== 'remark');
  if (asked === undefined) {
    const story = told.at(-1);
    return story ? {story} : {wrong: 'Nothing was suspected, taken over or given back yet.'};
  }
  const text = asked.trim();
  if (/^\d{1,12}$/.test(text)) return bySeq(stories, Number(text));
  if (/^[a-z]+(?:-[a-z]+)*$/.test(text)) return byName(stories, text);
  const day = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (day) {
    const [, h = '', m = '', s = '0'] = day;
    if (Number(h) < 24 && Number(m) < 60 && Number(s) < 60)
      return byTimeOfDay(told, (Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000);
  }
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return nearest(told, (story) => distance(story, atMs));
  return {
    wrong: `"${text.slice(0, 40)}" is no event: say its number, its name such as promoting, or a time such as 14:02.`,
  };
}

function bySeq(stories: readonly Story[], seq: number): Selected {
  const story = stories.findLast(({events}) => events.some((event) => event.seq === seq));
  if (story) return {story, seq};
  const all = stories.flatMap(({events}) => events.map((event) => event.seq));
  const range = all.length > 0 ? `; there are ${Math.min(...all)} to ${Math.max(...all)}` : '';
  return {wrong: `There is no event ${seq} in the log${range}.`};
}

function byName(stories: readonly Story[], name: string): Selected {
  const story = stories.findLast(({events}) => events.some(({event}) => event === name));
  const found = story?.events.findLast(({event}) => event === name);
  if (story && found) return {story, seq: found.seq};
  const names = [...new Set(stories.flatMap(({events}) => events.map(({event}) => event)))].toSorted();
  return {wrong: `No event called "${name}" is in the log. There is: ${names.join(', ') || 'none'}.`};
}

const spanOf = ({events}: Story) => [Date.parse(events[0]!.time), Date.parse(events.at(-1)!.time)] as const;

/** ms between a time and a story; 0 within it. */
function distance(story: Story, atMs: number): number {
  const [fromMs, toMs] = spanOf(story);
  return Math.max(0, fromMs - atMs, atMs - toMs);
}

function byTimeOfDay(told: readonly Story[], ofDayMs: number): Selected {
  const away = (story: Story) => {
    const midnight = new Date(spanOf(story)[0]).setHours(0, 0, 0, 0);
    return Math.min(...[-dayMs, 0, dayMs].map((days) => distance(story, midnight + days + ofDayMs)));
  };
  const near = told.filter((story) => away(story) <= nearMs);
  // Of one day the nearest, of several days the newest day's.
  const newest = near.at(-1);
  if (!newest) return nearest(told, away);
  const sameDay = near.filter((story) => spanOf(newest)[0] - spanOf(story)[0] < dayMs - 2 * nearMs);
  return nearest(sameDay, away);
}

function nearest(told: readonly Story[], away: (story: Story) => number): Selected {
  const sorted = told.toReversed().toSorted((a, b) => away(a) - away(b));
  const [story] = sorted;
  return story ? {story} : {wrong: 'Nothing was suspected, taken over or given back yet.'};
}
