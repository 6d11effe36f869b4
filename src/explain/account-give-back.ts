import type {Account, Known, Part, Told} from './account.js';
import {giveBackOf} from './give-back.js';
import {spanText} from './span.js';
import type {Hold} from '../monitor/memory.js';
import {holdWords} from './words.js';

/** From the first good probe to the end of the give-back, or to a primary that is gone again. */
export function accountOfGiveBack(known: Known): Pick<Account, 'headline' | 'sections' | 'parts'> {
  const {story, at} = known;
  const {events, ending} = story;
  const decided = events.find(({event}) => event === 'demoting');
  const first = {atMs: 0, say: events[0]!.say};
  const since = events[0]!.event === 'primary-back' ? ' after the primary answered again' : '';
  const headline = decided
    ? `The standby gave back: decided ${since === '' ? 'at once' : `${spanText(at(decided))}${since}`}.`
    : ending === 'gone'
      ? `The standby did not give back: the primary was bad again after ${spanText(at(events.at(-1)!))}.`
      : 'The standby has not given back.';
  const followed = events
    .slice(1)
    .filter(({event}) => event !== 'held' && event !== 'demoting')
    .map((event) => ({atMs: at(event), say: event.say}));
  return {
    headline,
    sections: [
      {title: 'What was seen', told: [first]},
      {title: 'What held it', told: heldTold(known)},
      decided
        ? {
            title: 'Why it gave back, and why then',
            told: [{atMs: at(decided), say: decided.say}, ...because(known)],
          }
        : {title: 'Why it did not give back', told: because(known)},
      {title: 'What followed', told: followed},
    ],
    parts: partsOf(known),
  };
}

function heldTold({story: {events}, at}: Known): Told[] {
  const told = events
    .filter(({event}) => event === 'held')
    .map((event) => ({atMs: at(event), say: event.say}));
  const stays: Hold | undefined = events[0]!.evidence.stays;
  return told.length === 0 && stays
    ? [{atMs: 0, say: `It does not give back by itself: ${holdWords[stays] ?? stays}.`}]
    : told;
}

/** From the record: what it waited for. */
function because({chapters}: Known): Told[] {
  const chapter = chapters.at(-1);
  if (!chapter) return [];
  const {steps} = chapter.replayed;
  const {thresholds} = steps[chapter.from]!.settings;
  const rule = `It gives back after ${thresholds.rise} good probes over ${spanText(thresholds.riseMs)}, and after ${spanText(thresholds.minActiveMs)} in charge.`;
  const activeMs = steps[chapter.from]!.before.takeover?.activeMs ?? null;
  const charge =
    activeMs === null
      ? ''
      : ` It had been in charge for ${spanText(chapter.zeroMs - activeMs)} when the primary answered again.`;
  const result = giveBackOf(chapter);
  const missing =
    result.kind === 'given-back' || result.dueMs === null || result.dueMs <= result.atMs
      ? ''
      : ` ${spanText(result.dueMs - result.atMs)} were missing.`;
  return [{atMs: null, say: `${rule}${charge}${missing}`}];
}

function partsOf({story: {events}, at}: Known): Part[] {
  const decided = events.find(({event}) => event === 'demoting');
  const stopped = events.find(({event}) => event === 'demoted');
  if (!decided) return [];
  return [
    {name: 'waited until it was well for long enough', ms: at(decided)},
    ...(stopped ? [{name: 'stopping', ms: at(stopped) - at(decided)}] : []),
  ];
}
