import {clean} from '../../clip.js';
import {age, count} from '../../format.js';
import {dim, span, type Line, type Span} from '../../line.js';
import type {HostSample, WorkspaceSample} from '../model/sample.js';
import {oneRow, warning, type Item} from './item.js';

/** ms; both timers run every 5 min, so three missed ones are worth a sign. */
const oldMs = 20 * 60_000;

/** How old the workspace is on this host, and on the standby how far it is behind: the RPO in two panes. */
export function workspaceItem({host, workspace}: HostSample): Item {
  if (workspace === null) return oneRow('workspace', 3, [[dim('not a git checkout')]]);
  if ('unknown' in workspace) return oneRow('workspace', 3, [[dim(clean(workspace.unknown))]]);
  return oneRow('workspace', 3, host === 'primary' ? pushed(workspace) : fetched(workspace));
}

function changed({dirty}: WorkspaceSample): string {
  return dirty === null || dirty === 0 ? '' : `${count(dirty, 'file')} changed`;
}

function commitWords({commit, commitAgeMs}: WorkspaceSample): string {
  if (commit === null) return 'no commit';
  const when = commitAgeMs === null ? '' : `, ${age(commitAgeMs)} old`;
  return `commit ${clean(commit).slice(0, 7)}${when}`;
}

const hash = ({commit}: WorkspaceSample) => (commit === null ? '' : clean(commit).slice(0, 7));

const spoken = (words: string, bad: boolean): Span => (bad ? warning(words) : span(words));
const after = (...texts: readonly string[]): Line => texts.filter(Boolean).map((text) => dim(`   ${text}`));

function pushed(workspace: WorkspaceSample): Line[] {
  const {syncAgeMs, pushFailed} = workspace;
  const ago = syncAgeMs === null ? 'never pushed' : `pushed ${age(syncAgeMs)} ago`;
  if (pushFailed !== null) {
    const why = clean(pushFailed);
    return [
      [warning('push failed'), span(`, ${ago}`), dim(`   ${why}`)],
      [warning('push failed'), span(`, ${ago}`)],
      [warning('push failed')],
    ];
  }
  const head = spoken(ago, syncAgeMs === null || syncAgeMs > oldMs);
  return [
    [head, ...after(changed(workspace), commitWords(workspace))],
    [head, ...after(changed(workspace))],
    [head],
  ];
}

function fetched(workspace: WorkspaceSample): Line[] {
  const {syncAgeMs, behind} = workspace;
  const ago = syncAgeMs === null ? 'never synced' : `synced ${age(syncAgeMs)} ago`;
  const head = spoken(ago, syncAgeMs === null || syncAgeMs > oldMs);
  const [long, short] = behindWords(behind);
  if (long === '') return [[head, ...after(commitWords(workspace))], [head]];
  return [
    [head, span(`, ${long}`), ...after(changed(workspace), commitWords(workspace).replace('commit ', ''))],
    [head, span(`, ${long}`), ...after(changed(workspace), hash(workspace))],
    [head, span(`, ${long}`), ...after(changed(workspace))],
    [head, span(`, ${long}`)],
    [head, span(`, ${short}`)],
  ];
}

/** How far the copy is behind what the primary has, long and short. */
function behindWords(behind: WorkspaceSample['behind']): [string, string] {
  if (behind === null) return ['', ''];
  const {commits, atLeast} = behind;
  if (commits === 0 && !atLeast) return ['same commit', 'same'];
  const number = `${commits}${atLeast ? '+' : ''}`;
  return [`${number} ${commits === 1 && !atLeast ? 'commit' : 'commits'} behind`, `${number} behind`];
}
