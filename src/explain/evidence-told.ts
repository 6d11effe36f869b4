import type {MonitorEvent} from '../monitor/events.js';
import type {Interrogation, ProbeClass} from '../monitor/evidence.js';
import type {Known, Told} from './account.js';
import {badProbes, doubtsOf, stepsOf} from './chapters.js';
import {spanText} from './span.js';
import {answerWords} from './words.js';

/** Changes of the answers that are told one by one. */
const mostChanges = 6;

/** What the rules read of an event. */
export function outlook({class: probe, evidence}: MonitorEvent) {
  const {asked: told, publicPath, witness} = evidence;
  const inquiry: Interrogation | null = told
    ? {asked: told, publicPath: publicPath ?? null, witness: witness ?? {alive: true, by: ''}}
    : null;
  return {probe: probe ?? ('unreachable' satisfies ProbeClass), inquiry};
}

/** The probes: the first bad one, and how many of each class. */
export function seen(known: Known): Told[] {
  const {story, chapters, at} = known;
  const {events} = story;
  const first = events[0]!;
  const {probe} = first.evidence;
  const told: Told[] = [];
  if (first.event === 'suspected' && probe) {
    const {sinceLastOkMs, sinceFirstBadMs = 0} = first.durations;
    const before =
      sinceLastOkMs === undefined
        ? ''
        : ` The last good one had come ${spanText(sinceLastOkMs - sinceFirstBadMs)} before it.`;
    told.push({atMs: 0, say: `The first bad probe: ${classed(probe)}.${before}`});
  } else told.push({atMs: 0, say: first.say});
  const counts = badProbes(chapters.flatMap(doubtsOf));
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total > 0) {
    const each = counts.map(([name, count]) => `${count} ${name}`).join(', ');
    told.push({atMs: null, say: `${total} bad ${total === 1 ? 'probe' : 'probes'} until then: ${each}.`});
    return told;
  }
  const last =
    events.find(({event}) => event === 'promoting') ??
    events.findLast(({evidence}) => evidence.bad !== undefined);
  if (last?.evidence.bad !== undefined && last !== first)
    told.push({
      atMs: null,
      say: `${last.evidence.bad} bad probes by ${spanText(at(last))}, the newest ${last.class ?? 'bad'}.`,
    });
  return told;
}

const classed = ({class: name, detail}: {class: string; detail: string}) =>
  detail === '' ? name : `${name} (${detail})`;

interface Answers {
  atMs: number;
  words: string[];
}

/** Everybody who was asked: what they said first, and every change of it. */
export function asked(known: Known): Told[] {
  const rounds = known.chapters.length > 0 ? recordedRounds(known) : loggedRounds(known);
  const changes: (Answers & {rounds: number})[] = [];
  for (const round of rounds) {
    const last = changes.at(-1);
    if (last && last.words.join() === round.words.join()) last.rounds += 1;
    else changes.push({...round, rounds: 1});
  }
  const told = changes.slice(0, mostChanges).map(({atMs, words, rounds: count}): Told => {
    const often = known.chapters.length > 0 && count > 1 ? ` ${count} rounds of questions said so.` : '';
    return {atMs, say: `${capital(words.join('; '))}.${often}`};
  });
  const rest = changes.length - told.length;
  if (rest > 0) told.push({atMs: null, say: `It changed ${rest} more ${rest === 1 ? 'time' : 'times'}.`});
  if (told.length === 0) told.push({atMs: null, say: 'Nobody was asked, or no answer came before the end.'});
  return told;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function recordedRounds({chapters, zeroMs}: Known): Answers[] {
  return chapters.flatMap((chapter) =>
    stepsOf(chapter).flatMap(({ms, seen: heard, decision: {memory}}) =>
      heard.on === 'answers' && (memory.suspicion || memory.state !== 'watching')
        ? [{atMs: Math.max(0, ms - zeroMs), words: answerWords(heard.answers)}]
        : [],
    ),
  );
}

function loggedRounds({story, at}: Known): Answers[] {
  return story.events.flatMap((event) => {
    const {asked: told, publicPath, witness} = event.evidence;
    const words = answerWords({
      ...(told && {asked: told}),
      ...(publicPath && {publicPath}),
      ...(witness && {witness}),
    });
    return words.length > 0 ? [{atMs: at(event), words}] : [];
  });
}
