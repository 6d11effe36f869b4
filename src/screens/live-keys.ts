import type {Key} from 'ink';
import {ctrlC, typed, type ActStep, type Binding, type Place} from './key-binding.js';

const live: readonly Place[] = ['live'];
/** The live view and what lies over it: a page shows a few of these keys; all of them work there. */
const around: readonly Place[] = ['live', 'live-page', 'live-log'];
const scrolling: readonly Place[] = ['live', 'pairs'];

type Named = 'return' | 'escape' | 'pageUp' | 'pageDown' | 'upArrow' | 'downArrow' | 'home' | 'end';
/** A key that has a name, or a letter that does the same. */
const named = (name: Named, letter?: string) => (input: string, key: Key) =>
  key[name] || (letter !== undefined && typed(letter)(input, key));

const enters: Readonly<Partial<Record<ActStep, string>>> = {
  form: 'go on',
  typing: 'go on',
};
const leaves: Readonly<Record<ActStep, string>> = {
  form: 'leave',
  running: 'stop watching',
  typing: 'leave',
  ended: 'back',
};

/** The part of the key table that is the live view's: its pages, the list of pairs, and what is typed into them. */
// prettier-ignore
export const liveKeys: readonly Binding[] = [
  {action: 'nextPane', places: live, keys: 'Tab', short: 'pane', yields: 6, section: 'Move', matches: (_, key) => key.tab && !key.shift,
    help: 'To the timeline, the primary, the standby: what the arrows move. Shift+Tab goes back.'},
  {action: 'previousPane', places: live, keys: 'Shift+Tab', section: 'Move', matches: (_, key) => key.tab && key.shift,
    help: 'The same, the other way round.'},
  {action: 'log', places: around, keys: 'l', short: 'logs', yields: 2, section: 'Look', matches: typed('l'),
    help: 'Journals of the gateways, the monitor and the timers, following.'},
  {action: 'pause', places: live, keys: 'p', short: ({paused}) => (paused ? 'resume' : 'pause'), yields: 3, section: 'Act', matches: typed('p'),
    help: 'Pauses the failover for a while, or ends the pause. First looks, then asks for the name of the pair.'},
  {action: 'promote', places: live, keys: 'f', short: ({active}) => (active ? undefined : 'take over'), yields: 4, section: 'Act', matches: typed('f'),
    help: 'The standby takes over (promote). First looks, then asks for the name of the pair.'},
  {action: 'demote', places: live, keys: 'b', short: ({active}) => (active ? 'give back' : undefined), yields: 4, section: 'Act', matches: typed('b'),
    help: 'The standby gives back (demote). First looks, then asks for the name of the pair.'},
  {action: 'drill', places: around, keys: 'd', short: 'drill', yields: 6, section: 'Look', matches: typed('d'),
    help: 'When the pair was last tested, how long each stage took, and when the next test is due.'},
  {action: 'plan', places: around, keys: 'c', short: 'check', yields: 5, section: 'Look', matches: typed('c'),
    help: 'What differs today from the pair as it was set up; changes nothing.'},
  {action: 'split', places: around, keys: 's', short: 'split', yields: 8, section: 'Look', matches: typed('s'),
    help: 'Who owns which channel account.'},
  {action: 'filter', places: ['live', 'live-log'], keys: '/', short: 'filter', yields: 7, section: 'Look', matches: typed('/'),
    help: 'Shows only lines with these words; host:standby and level:alert work in the timeline.'},
  {action: 'level', places: live, keys: 'a', section: 'Look', matches: typed('a'),
    help: 'The timeline shows all, warnings and alerts, or alerts alone.'},
  {action: 'copy', places: ['live', 'live-log', 'act'], keys: 'y', short: ({copyable}) => (copyable ? 'copy' : undefined), yields: 9,
    section: 'Look', matches: typed('y'),
    help: 'Copies the line of the timeline that is marked, or the newest, where the terminal allows it.'},
  {action: 'refresh', places: ['live', 'live-page'], keys: 'r', section: 'Look', matches: typed('r'),
    help: 'Reads both hosts whole now, and connects now where there is no connection.'},

  {action: 'up', places: scrolling, keys: '↑ k', section: 'Move', matches: named('upArrow', 'k'),
    help: 'One line up, in the timeline or in the accounts of the pane.'},
  {action: 'down', places: scrolling, keys: '↓ j', section: 'Move', matches: named('downArrow', 'j'),
    help: 'One line down.'},
  {action: 'pageUp', places: scrolling, keys: 'PgUp', section: 'Move', matches: named('pageUp'),
    help: 'One screen up.'},
  {action: 'pageDown', places: scrolling, keys: 'PgDn Space', section: 'Move', matches: named('pageDown', ' '),
    help: 'One screen down.'},
  {action: 'top', places: scrolling, keys: 'Home g', section: 'Move', matches: named('home', 'g'),
    help: 'To the oldest line.'},
  {action: 'bottom', places: scrolling, keys: 'End G', section: 'Move', matches: named('end', 'G'),
    help: 'To the newest line, and on with what comes.'},

  {action: 'enter', places: ['pairs'], keys: 'Enter', short: 'open', yields: 0, matches: named('return'), help: 'Opens the pair.'},
  {action: 'enter', places: ['typing'], keys: 'Enter', short: 'keep', yields: 0, matches: named('return'), help: 'Keeps what was typed.'},
  {action: 'enter', places: ['act'], keys: 'Enter', short: ({act}) => act && enters[act], yields: 0, matches: named('return'),
    help: 'Goes on with the act.'},

  {action: 'help', places: around, keys: '?', short: 'help', yields: 1, section: 'Look', matches: typed('?'),
    help: 'This page.'},
  {action: 'back', places: live, keys: 'Esc', section: 'Leave', matches: named('escape'),
    help: 'Ends the filter and goes on with the newest line; from one of several pairs, back to the list.'},
  {action: 'back', places: ['typing'], keys: 'Esc', short: 'clear', yields: 0, matches: named('escape'), help: 'Clears what was typed.'},
  {action: 'back', places: ['act'], keys: 'Esc', short: ({act}) => act && leaves[act], yields: 0, matches: named('escape'),
    help: 'Leaves the act; says what stands.'},
  {action: 'quit', places: ['live', 'pairs'], keys: 'q', short: 'quit', yields: 0, section: 'Leave', matches: typed('q'),
    help: 'Leaves at once; nothing on the hosts changes.'},
  {action: 'interrupt', places: ['exercise'], keys: 'Ctrl+C', short: ({stopping}) => (stopping ? 'leave at once' : 'take it back and leave'),
    yields: 0, section: 'Leave', matches: ctrlC, help: 'Takes the fault back, then leaves. Once more: leaves at once; the primary undoes it by itself.'},
  {action: 'interrupt', places: [...around, 'pairs', 'typing', 'act'], keys: 'Ctrl+C', section: 'Leave', matches: ctrlC,
    help: 'Leaves at once; an act is left first.'},
];
