import {age, measured} from '../../format.js';
import {clipLine, dim, lineWidth, span, type Line} from '../../line.js';
import {splitBadge} from '../../split-words.js';
import type {DrillSample, WatchSample} from '../model/sample.js';
import {firstFit, joined, warning} from './item.js';

/** The newest test of the whole way: `last drill 11 d ago, 19.4 s, passed`; setup's own is `tested 11 d ago …`. */
function testedWords({kind, agoMs, tookMs, result}: DrillSample, length: 'long' | 'short' | 'least'): Line {
  const took = tookMs === null || length !== 'long' ? '' : `, ${measured(tookMs)}`;
  const what = kind === 'test' ? 'tested' : length === 'least' ? 'drill' : 'last drill';
  const words = `${what} ${age(agoMs)} ago${took}, `;
  if (result === 'failed') return [warning(`${words}failed`)];
  return [dim(words), span(result === 'remarks' && length === 'long' ? 'passed with remarks' : 'passed')];
}

function dueWords({dueInMs, passed}: DrillSample, words: string): Line {
  if (!passed) return [warning('due again')];
  if (dueInMs < 0) return [warning(`next test overdue by ${age(-dueInMs)}`)];
  return [dim(`${words} `), span(age(dueInMs))];
}

/** Across both panes: the split, when the pair was last tested, when the next test is due. At most two rows. */
export function barLines({split, drill, standby}: WatchSample, columns: number, mostRows = 2): Line[] {
  const badge = splitBadge(split);
  const never: Line = [warning('never tested')];
  // A standby that was not read yet may have been tested.
  if (drill === null)
    return oneOrTwo([standby.hostname === null ? [badge] : [badge, never]], columns, mostRows);
  const wordings = [
    [badge, testedWords(drill, 'long'), dueWords(drill, 'next due in')],
    [badge, testedWords(drill, 'short'), dueWords(drill, 'next due in')],
    [badge, testedWords(drill, 'least'), dueWords(drill, 'due in')],
  ];
  return oneOrTwo(wordings, columns, mostRows);
}

/** The split has a row to itself where the rest does not fit beside it; where there is only one row, it has that. */
function oneOrTwo(wordings: readonly (readonly Line[])[], columns: number, mostRows: number): Line[] {
  const found = wordings.map((parts) => joined(parts)).find((line) => lineWidth(line) <= columns);
  if (found !== undefined) return [found];
  const [badge = [], ...rest] = wordings[0] ?? [];
  const second = firstFit([joined(rest), ...wordings.map(([, ...others]) => joined(others))], columns);
  return [clipLine(badge, columns), second].slice(0, mostRows);
}
