import {Option} from 'commander';
import type {Path} from '../../pair/path.js';
import {notifyFlag} from '../notify-flag.js';
import {account} from './channel.js';
import {allowFrom, dmPolicy, movedSettings, settingQuestions} from './channel-settings.js';
import {connections, hostname, targets} from './hosts.js';
import {model} from './model.js';
import {network} from './network.js';
import {notify} from './notify.js';
import type {Asking, Question} from './question.js';
import {secretQuestions} from './secrets.js';
import {secretsPull} from './secrets-pull.js';
import {standbyMode} from './standby-mode.js';
import {tuning, workspace} from './workspace.js';

/** Every key that has a flag, under the headings of `setup --help`, in its order. */
export const flaggedGroups: readonly (readonly [heading: string, questions: readonly Question[]])[] = [
  ['The two servers', [...targets, ...connections, hostname]],
  ['Private network', network],
  ['Channel account and model', [...account, dmPolicy, allowFrom, ...model]],
  ['Workspace', workspace],
  ['Secrets', secretsPull],
  ['Standby and monitor', [...standbyMode, ...tuning]],
];

/** Every key that has a flag. Flags, answers file and prompts come from these rows. */
export const flagged: readonly Question[] = flaggedGroups
  .flatMap(([, questions]) => questions)
  .filter(({flag}) => flag !== undefined);

/**
 * What is asked once the facts of both hosts are there, in this order. Later groups depend on earlier answers, so
 * each is made when its turn comes.
 */
export const afterFacts: readonly ((asking: Asking) => readonly Question[])[] = [
  () => network,
  () => account,
  () => [movedSettings],
  (asking) => settingQuestions(asking),
  () => model,
  (asking) => secretQuestions(asking),
  () => workspace,
  () => secretsPull,
  () => [hostname],
  () => standbyMode,
  () => notify,
];

/** `--secret token=env:NAME`: the one flag that stands for many keys. */
export const secretFlag = '--secret <name=env:NAME|file:PATH>';
export const settingFlag = '--setting <name=value>';

/** The flag that gives the value of a key, as an operator would type it; undefined where there is none. */
export function flagOf(path: Path): string | undefined {
  const [section, key, name] = path.map(String);
  if (section === 'network' && key === 'authKey') return '--secret network.authKey=env:NAME';
  if (section === 'notify') return notifyFlag;
  if (key === 'secrets' && name !== undefined) return `--secret ${name}=env:NAME`;
  const row = flagged.find((question) => question.path.join('\0') === path.join('\0'));
  if (row?.flag) return row.flag.flags;
  if (section === 'channel' && key === 'settings' && name !== undefined) return `--setting ${name}=VALUE`;
  return undefined;
}

/** Commander's name of the option: `--primary-host-key <…>` → `primaryHostKey`. */
export function attributeOf(flags: string): string {
  return new Option(flags).attributeName();
}
