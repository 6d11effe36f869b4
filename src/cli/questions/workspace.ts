import {isSafeRemote} from '../../gateway/remote.js';
import {wrongRemote} from '../../pair/remote-text.js';
import type {Asking, Question} from './question.js';
import {workspaceOf} from './read-config.js';
import {asksText} from './simple.js';

/** The primary's own remote, unless it is one that is better not kept or printed (a token in the URL). */
function foundRemote({facts}: Asking): string | undefined {
  const {remote} = workspaceOf(facts?.primary);
  const plain = remote !== undefined && isSafeRemote(remote) && wrongRemote(remote) === undefined;
  return plain ? remote : undefined;
}

/** Where the agent's files travel through. */
export const workspace: readonly Question[] = [
  {
    path: ['workspace', 'remote'],
    label: 'Workspace remote',
    flag: {
      flags: '--workspace-remote <url>',
      describe: "Git remote of the workspace (default: the primary's)",
    },
    when: ({facts}) => facts !== undefined,
    initial: foundRemote,
    ask: asksText(['workspace', 'remote'], {
      message: 'Git remote of the workspace',
      optional: true,
      wrong: (text) => (isSafeRemote(text) ? undefined : 'must be an SSH or HTTPS URL'),
      why: (asking) =>
        foundRemote(asking)
          ? 'The standby fetches it every few minutes, so it wakes up with the same files.'
          : "The primary's workspace is not pushed anywhere. Name an empty private repository and phase 2 sets that up.",
    }),
  },
  {
    path: ['workspace', 'branch'],
    label: 'Workspace branch',
    flag: {flags: '--workspace-branch <name>', describe: 'branch of the workspace (default: main)'},
    when: ({facts}) => facts !== undefined,
    initial: ({facts}) => workspaceOf(facts?.primary).branch,
  },
];

/** Decisions with a default that suits nearly everyone: flags and keys, never asked. */
export const tuning: readonly Question[] = [
  {
    path: ['monitor', 'profile'],
    label: 'Detection profile',
    flag: {
      flags: '--profile <name>',
      describe: 'detection: default, or classic (3 failures, 10 s apart)',
      choices: ['default', 'classic'],
    },
  },
  {
    path: ['monitor', 'failback'],
    label: 'Failback',
    flag: {
      flags: '--failback <how>',
      describe: 'back to the primary: auto (the default) or manual',
      choices: ['auto', 'manual'],
    },
  },
  {
    path: ['mirrors', 'node'],
    label: 'Node mirror',
    flag: {
      flags: '--node-mirror <url>',
      describe: 'where Node is fetched from (default: https://nodejs.org/dist)',
    },
  },
];
