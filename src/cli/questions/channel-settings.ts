import {channelForm, type SettingField} from '../../pair/channel-forms.js';
import {getAt, type Draft, type Path} from '../../pair/path.js';
import {accountSettings, accountsOf, configTree} from './read-config.js';
import type {Asking, Question} from './question.js';
import {asksChoice, asksList, listOf, printList} from './simple.js';

const typeOf = ({draft}: Asking) => String(getAt(draft, ['channel', 'type']) ?? '');
const nameOf = ({draft}: Asking) => String(getAt(draft, ['channel', 'account']) ?? 'default');

/** An account that moves over takes its settings along; the operator sees them in the review. */
export const movedSettings: Question = {
  path: ['channel', 'settings'],
  label: 'Settings of the account',
  initial: (asking) => {
    const ours = accountsOf(asking.facts?.primary).some(
      (one) => one.channel === typeOf(asking) && one.account === nameOf(asking),
    );
    return ours
      ? accountSettings(configTree(asking.facts?.primary), typeOf(asking), nameOf(asking))
      : undefined;
  },
};

/** Settings that an account of this channel cannot do without, then who may talk to it. */
export function settingQuestions(asking: Asking): Question[] {
  const form = channelForm(typeOf(asking));
  const [policy, senders] = dmPaths(form.type);
  return [
    ...form.settings.map((field) => settingQuestion(form.title, field)),
    {...dmPolicy, path: policy},
    {
      ...allowFrom,
      path: senders,
      when: (now) => getAt(now.draft, policy) === 'allowlist',
      ask: asksList(senders, {
        message: 'Who may write to it',
        why: `Separated by commas; each ${form.sender}. Pairings made on the primary are not known to the standby.`,
        least: 1,
      }),
    },
  ];
}

/** Matrix keeps them in `dm`, every other channel at the account's top. */
export function dmPaths(type: string): [policy: Path, senders: Path] {
  const settings = ['channel', 'settings'];
  if (type === 'matrix')
    return [
      [...settings, 'dm', 'policy'],
      [...settings, 'dm', 'allowFrom'],
    ];
  return [
    [...settings, 'dmPolicy'],
    [...settings, 'allowFrom'],
  ];
}

function settingQuestion(title: string, {field, what, kind, initial}: SettingField): Question {
  const path = ['channel', 'settings', field];
  return {
    path,
    label: `${title} ${what}`,
    required: true,
    initial: (asking) =>
      siblingSettings(asking)[field] ?? (initial === undefined ? undefined : valueOf(kind, initial)),
    ask: async (asking, prompter, preset) => {
      const {checkAt} = await import('../../pair/check.js');
      const text = await prompter.input({
        message: `${title}: ${what}`,
        ...(preset === undefined
          ? {}
          : {initial: preset === true ? 'yes' : preset === false ? 'no' : String(preset)}),
        wrong: (typed) => {
          const value = valueOf(kind, typed);
          return value === undefined ? `must be ${wantedBy(kind)}` : checkAt(asking.draft, path, value);
        },
      });
      return valueOf(kind, text);
    },
  };
}

/** Another account of the same channel on the primary: server, port and policy are usually the same. */
function siblingSettings(asking: Asking): Draft {
  const type = typeOf(asking);
  const sibling = accountsOf(asking.facts?.primary).find((one) => one.channel === type);
  const all = sibling ? accountSettings(configTree(asking.facts?.primary), type, sibling.account) : {};
  // What says who it is must differ, so it is never a default.
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !['nick', 'userId', 'account'].includes(key)),
  );
}

export const dmPolicy: Question = {
  path: ['channel', 'settings', 'dmPolicy'],
  label: 'Who may write to it',
  flag: {
    flags: '--dm-policy <policy>',
    describe: "the account's dmPolicy: allowlist, pairing, open or disabled",
    choices: ['allowlist', 'pairing', 'open', 'disabled'],
  },
  initial: (asking) => {
    const [policy] = dmPaths(typeOf(asking));
    return getAt(siblingSettings(asking), policy.slice(2)) ?? 'allowlist';
  },
  ask: asksChoice(
    'Who may write to the standby',
    'The same people as on the primary, best named one by one: a list works at the moment of a takeover.',
    () => [
      {value: 'allowlist', name: 'the people I name'},
      {
        value: 'pairing',
        name: 'whoever is paired on the standby',
        description: 'Nobody is, until you approve them there.',
      },
      {value: 'open', name: 'everybody', description: 'Anyone who finds the account can use your agent.'},
      {value: 'disabled', name: 'nobody in direct messages'},
    ],
  ),
};

export const allowFrom: Question = {
  path: ['channel', 'settings', 'allowFrom'],
  label: 'Allowed senders',
  flag: {
    flags: '--allow-from <ids>',
    describe: 'who may write, separated by commas',
    parse: listOf,
    print: printList,
  },
  initial: (asking) => {
    const [, senders] = dmPaths(typeOf(asking));
    return getAt(siblingSettings(asking), senders.slice(2));
  },
};

function valueOf(kind: SettingField['kind'], typed: string): unknown {
  const text = typed.trim();
  if (text === '') return undefined;
  if (kind === 'text') return text;
  if (kind === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (/^(?:y|yes|true|on)$/i.test(text)) return true;
  return /^(?:n|no|false|off)$/i.test(text) ? false : undefined;
}

function wantedBy(kind: SettingField['kind']): string {
  return {text: 'a text', number: 'a number', 'yes-no': 'yes or no'}[kind];
}
