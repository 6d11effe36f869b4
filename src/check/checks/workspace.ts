import type {CheckoutFact} from '../../facts/types.js';
import {age} from '../../screens/format.js';
import {fetchedAgo, pushedAgo, workspaceOf} from '../../screens/watch/model/outlook.js';
import {quoteWord} from '../../ssh/quote.js';
import {layout, units} from '../../templates/layout.js';
import {ok, tip, unknown, warning} from '../answer.js';
import {ofHost, stopped, type Row} from '../row.js';
import {monitorAtRest} from './monitor.js';

const dayMs = 86_400_000;
/** ms; pushed and fetched is every 5 min, also when there is nothing new. */
const lateMs = 30 * 60_000;

const listed = (names: readonly string[]) =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;

/** The one thing that both nodes share, and the way it takes. */
export const workspaceRows: readonly Row[] = [
  ofHost('workspace-pushed', 'primary', 'when the workspace was pushed', ({sample}) => {
    const {workspace} = sample;
    const look = `On the primary: journalctl -u ${units.push} -n 20`;
    if (workspace !== null && 'unknown' in workspace)
      return unknown(`The primary's workspace is not known: ${stopped(workspace.unknown)}`);
    const ago = pushedAgo(sample);
    const why = workspaceOf(sample)?.pushFailed ?? null;
    if (workspace === null || (ago === null && why === null))
      return tip(
        "The primary's workspace is not pushed by a timer: a takeover would begin with what the remote has.",
        'Give workspace.remote to failover-wizard setup',
      );
    if (why !== null && (ago === null || ago > lateMs || why.startsWith('diverged:')))
      return warning(`The primary does not push its workspace: ${stopped(why)}`, look);
    if (ago !== null && ago > dayMs)
      return warning(`The primary's workspace was not pushed for ${age(ago)}.`, look);
    if (ago !== null && ago > lateMs)
      return warning(
        `The primary last pushed its workspace ${age(ago)} ago; it should be every 5 min.`,
        look,
      );
    return ok(`The primary pushed its workspace ${age(ago ?? 0)} ago.`);
  }),

  ofHost('workspace-fetched', 'standby', 'when the workspace was fetched', ({sample}) => {
    const {workspace} = sample;
    const look = `On the standby: journalctl -u ${units.sync} -n 20`;
    if (workspace !== null && 'unknown' in workspace)
      return unknown(`The standby's workspace is not known: ${stopped(workspace.unknown)}`);
    if (workspace === null)
      return tip(
        'The standby has no copy of the workspace.',
        'Give workspace.remote to failover-wizard setup',
      );
    const ago = fetchedAgo(sample);
    if (ago === null) return warning('The standby has never fetched the workspace.', look);
    if (ago > lateMs)
      return warning(
        `The standby last fetched the workspace ${age(ago)} ago; it should be every 5 min.`,
        look,
      );
    const {behind} = workspace;
    const words =
      behind === null || behind.commits === 0
        ? ''
        : `, and is ${behind.atLeast ? 'more than ' : ''}${behind.commits} commits behind`;
    return ok(`The standby fetched the workspace ${age(ago)} ago${words}.`);
  }),

  ofHost('hand-back', 'standby', 'whether hand-backs wait', ({facts}, seen) => {
    const copy: CheckoutFact | undefined = facts.checkouts[layout.workspace];
    if (!copy?.isGit) return undefined;
    if (copy.inUse && monitorAtRest(seen))
      return warning(
        'What the standby changed in its last takeover is not handed back yet.',
        `On the standby: systemctl start ${units.sync}; why not: journalctl -u ${units.handback} -n 20`,
      );
    if (copy.unpushed && copy.unpushed.length > 0)
      return warning(
        `Hand-backs are not pushed yet: ${listed(copy.unpushed)}.`,
        `On the standby: journalctl -u ${units.handbackPush} -n 20`,
      );
    if (copy.unmerged && copy.unmerged.length > 0)
      return tip(
        `What the standby changed in takeovers is not in the workspace of the primary: ${listed(copy.unmerged)}.`,
        `On the primary: git fetch, then git merge ${quoteWord(`origin/${copy.unmerged[0]}`)}. One that is not wanted: on the standby, sudo -u ${layout.user} git -C ${layout.workspace} branch -D NAME`,
      );
    return ok('No hand-back of a takeover waits.');
  }),
];
