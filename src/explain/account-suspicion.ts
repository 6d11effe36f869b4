import type {MonitorEvent} from '../monitor/events.js';
import type {Account, Known, Part, Section, Told} from './account.js';
import {asked, outlook, seen} from './evidence-told.js';
import {outcomeOf, type Outcome} from './outcome.js';
import {plus, spanText} from './span.js';
import {verdictIn, verdictTold} from './verdict-told.js';
import {holdWords, titleOf} from './words.js';

/** From the first bad probe to whatever came of it. */
export function accountOfSuspicion(known: Known): Pick<Account, 'headline' | 'sections' | 'parts'> {
  const {events} = known.story;
  const verdict = events.find(({event}) => event === 'promoting');
  const sections: Section[] = [
    {title: 'What was seen', told: seen(known)},
    {title: 'Who was asked, and what they said', told: asked(known)},
    {title: 'What it meant', told: meant(known)},
    {title: 'What held it', told: heldTold(known)},
    {
      title: verdict ? 'Why it took over, and why then' : 'Why it did not take over',
      told: verdict ? verdictTold(known, verdict) : whyNot(known),
    },
    {title: 'What followed', told: followed(known)},
  ];
  return {headline: headlineOf(known, verdict), sections, parts: partsOf(known, verdict)};
}

function headlineOf(known: Known, verdict: MonitorEvent | undefined): string {
  const {story, at} = known;
  const {ending, events} = story;
  if (verdict) {
    const {reason} = verdict.evidence;
    const why = reason === undefined ? 'an operator asked it to' : titleOf(reason, outlook(verdict));
    const after = reason === undefined ? '' : `, ${spanText(at(verdict))} after the first bad probe`;
    const end = {
      'taken-over': '',
      'given-up': ' Its gateway did not come up, and it took over nothing in the end.',
    };
    const more = end[ending as keyof typeof end] ?? ' The log does not say that its bot came up.';
    return `The standby took over${after}: ${why}.${more}`;
  }
  const held = events.findLast(({event}) => event === 'held');
  const holding = held ? ' It was held although the primary was dead by the rules.' : '';
  if (ending === 'cleared') {
    const cleared = events.at(-1)!;
    const last = known.chapters.at(-1);
    const outcome = last && outcomeOf(last);
    const early =
      outcome?.kind === 'cleared' && outcome.missingMs !== null && !held
        ? `, ${spanText(outcome.missingMs)} before the verdict`
        : '';
    return `The standby did not take over: the primary answered again after ${spanText(at(cleared))}${early}.${holding}`;
  }
  if (ending === 'forgotten')
    return 'The standby did not take over: its count was broken off, and it began to count anew.';
  return `The standby has not taken over so far; the newest event is ${spanText(at(events.at(-1)!))} after the first bad probe.${holding}`;
}

function meant({story: {events}, at}: Known): Told[] {
  return events
    .filter(({event, evidence}) => (event === 'asked' || event === 'trouble') && evidence.reason)
    .map((event) => {
      const reason = event.evidence.reason!;
      const alarm = event.event === 'trouble' ? ' An operator was alarmed.' : '';
      return {
        atMs: at(event),
        say: `"${reason}": ${titleOf(reason, outlook(event))}. ${verdictIn(event.say)}${alarm}`,
      };
    });
}

function heldTold({story: {events}, at}: Known): Told[] {
  return events
    .filter(({event, to}) => event === 'held' && to === 'suspect')
    .map((event) => ({
      atMs: at(event),
      say: `Dead by the rules, and no takeover: ${/does not take over: (.+)\.$/.exec(event.say)?.[1] ?? event.say}.`,
    }));
}

function whyNot(known: Known): Told[] {
  const {story, chapters, at} = known;
  const last = story.events.at(-1)!;
  const chapter = chapters.at(-1);
  const outcome = chapter && outcomeOf(chapter);
  const atMs = at(last);
  if (story.ending === 'cleared') {
    if (outcome?.kind === 'cleared') return [{atMs, say: missed(outcome)}];
    const due = story.events.findLast(({event}) => event === 'asked' || event === 'trouble');
    const leftMs = due && leftIn(due.say);
    if (!due || leftMs === undefined)
      return [{atMs, say: 'The primary answered again before anything had become a verdict.'}];
    if (leftMs === null)
      return [{atMs, say: 'The primary answered again; what was seen would not have become a verdict.'}];
    const missingMs = Math.max(0, at(due) + leftMs - atMs);
    return [{atMs, say: `The primary answered again about ${spanText(missingMs)} before the verdict.`}];
  }
  if (story.ending === 'forgotten') return [{atMs, say: last.say}];
  const due = outcome?.kind === 'unknown' ? outcome.missingMs : null;
  const more = due === null ? '' : ` ${spanText(due)} were missing until a verdict then.`;
  return [{atMs, say: `So far nothing more is known of it.${more}`}];
}

function missed({atMs, missingMs, held}: Extract<Outcome, {kind: 'cleared'}>): string {
  if (held)
    return `The primary answered again. It had been dead by the rules from ${plus(held.atMs)} on, and held: ${holdWords[held.by]}.`;
  return missingMs === null
    ? 'The primary answered again; what was seen would not have become a verdict, however long it lasted.'
    : `The primary answered again at ${plus(atMs)}: ${spanText(missingMs)} were missing until the verdict.`;
}

/** What is left by a sentence of the monitor; null: it says never; undefined: it does not say. */
function leftIn(say: string): number | null | undefined {
  if (say.includes('does not take over for that')) return null;
  const match = /takes over in (?:(\d+) h )?(?:(\d+) min ?)?(?:(\d+(?:\.\d)?) s)?/.exec(say);
  if (!match) return undefined;
  const [, h = 0, min = 0, s = 0] = match;
  return (Number(h) * 3600 + Number(min) * 60 + Number(s)) * 1000;
}

/** Everything else that was logged, in the monitor's own words. */
function followed({story: {events}, at}: Known): Told[] {
  const told = new Set(['suspected', 'asked', 'trouble', 'held', 'promoting', 'cleared']);
  return events.filter(({event}) => !told.has(event)).map((event) => ({atMs: at(event), say: event.say}));
}

/** Where the time went, from the first bad probe to the bot. */
function partsOf({story: {events}, at}: Known, verdict: MonitorEvent | undefined): Part[] {
  const first = events[0]!;
  if (first.event !== 'suspected') return [];
  const told = events.find(({event}) => event === 'asked' || event === 'trouble');
  const held = events.find(({event}) => event === 'held');
  const bot = events.find(({event}) => event === 'promoted');
  const end = verdict ?? events.findLast(({event}) => event === 'cleared');
  const marks: [string, MonitorEvent | undefined][] = [
    ['noticed', first],
    ['asked', told],
    ['waited for the verdict', held ?? end],
    ['held', held && end],
    ['starting', bot],
  ];
  let fromMs = 0;
  return marks.flatMap(([name, event]) => {
    if (!event) return [];
    const ms = at(event) - fromMs;
    fromMs = at(event);
    return [{name, ms}];
  });
}
