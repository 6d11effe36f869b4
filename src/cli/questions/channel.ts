import type {AccountFact} from '../../channels/types.js';
import {channelForm, channelForms} from '../../pair/channel-forms.js';
import {getAt, withValue} from '../../pair/path.js';
import type {Choice, Prompter} from '../prompter.js';
import {accountsOf} from './read-config.js';
import type {Asking, Question} from './question.js';

/** Told before the channel question: a split is easier to choose from examples than from a definition. */
export const classicSplits = `
  One chat account belongs to one server. While the primary is down, people
  write to the standby's account. Three splits that work well:

    you have             the primary keeps   the standby gets
    Discord              the Discord bot     a new Telegram bot (@BotFather)
    two Telegram bots    the first bot       the second bot, off the primary
    Slack and Discord    both                an IRC nick, or any other network

  A second network also covers the day on which the first one is down.`;

const newAccount = 'new';

/** Which account the standby uses: one of the primary's, or a new one. */
export const account: readonly Question[] = [
  {
    path: ['channel', 'type'],
    label: 'Channel of the standby',
    flag: {flags: '--channel <type>', describe: "channel of the standby's account, e.g. telegram"},
    required: true,
    when: ({facts}) => facts !== undefined,
    ask: (asking, prompter) => chooseAccount(asking, prompter),
  },
  {
    path: ['channel', 'account'],
    label: 'Account of the standby',
    flag: {flags: '--account <name>', describe: "name of the standby's channel account (default: default)"},
    when: ({facts}) => facts !== undefined,
    initial: (asking) => freeName(asking, String(getAt(asking.draft, ['channel', 'type']) ?? '')),
    ask: async (asking, prompter) => {
      const type = String(getAt(asking.draft, ['channel', 'type']) ?? '');
      await chooseAccount(asking, prompter, type);
      return getAt(asking.draft, ['channel', 'account']);
    },
  },
];

/** Asks for an account and writes channel, account and nothing else; gives the channel. */
async function chooseAccount(asking: Asking, prompter: Prompter, only?: string): Promise<string> {
  const primary = accountsOf(asking.facts?.primary);
  if (only === undefined) prompter.note(classicSplits);
  const facts = asking.facts?.primary.accounts;
  if (facts && !facts.known) prompter.note(`  The primary's accounts are not known: ${facts.reason}`);
  const offered = primary.filter(({channel}) => only === undefined || channel === only);
  const picked = await prompter.select({
    message: 'Which chat account does the standby use while the primary is down?',
    why: 'One of the primary moves over and is disabled there in phase 5; a new one leaves the primary as it is.',
    choices: [
      ...offered.map((one) => choiceOf(one, primary)),
      {value: newAccount, name: 'a new account, which the primary does not have'},
    ],
    initial: bestSplit(offered),
  });
  const moved = offered.find((one) => keyOf(one) === picked);
  const channel = moved?.channel ?? only ?? (await newChannel(asking, prompter));
  const name = moved?.account ?? (await newName(asking, prompter, channel));
  // Settings and secrets belong to the account: nothing of the one chosen before may stay.
  asking.draft = withValue(asking.draft, ['channel'], {
    type: channel,
    account: name,
    ...(sameAccount(asking, channel, name) ? keptParts(asking) : {}),
  });
  asking.asked = asking.asked.filter((path) => path[0] !== 'channel');
  const {linked} = channelForm(channel);
  if (linked !== undefined) prompter.note(`  ${linked}`);
  return channel;
}

function choiceOf(one: AccountFact, all: readonly AccountFact[]): Choice {
  const who = one.identity ? ` · ${one.identity.label}` : '';
  const state = one.enabled ? '' : ' (disabled on the primary already)';
  const only = one.enabled && all.filter(({enabled}) => enabled).length === 1;
  return {
    value: keyOf(one),
    name: `${channelForm(one.channel).title} account "${one.account}"${who}${state}`,
    ...(only ? {disabled: 'the primary keeps it, it is its only one'} : {}),
  };
}

/** An account that the primary does not use any more, else the second of a network, else a new one. */
function bestSplit(offered: readonly AccountFact[]): string {
  const spare = offered.find(({enabled}) => !enabled);
  const second = offered.find(
    (one, index) => offered.findIndex(({channel}) => channel === one.channel) < index,
  );
  const best = spare ?? second;
  return best ? keyOf(best) : newAccount;
}

const keyOf = (one: AccountFact) => `${one.channel}/${one.account}`;

async function newChannel(asking: Asking, prompter: Prompter): Promise<string> {
  const picked = await prompter.select({
    message: 'On which network?',
    choices: [
      ...channelForms.map(({type, title}) => ({value: type, name: title})),
      {value: '', name: 'another channel of OpenClaw'},
    ],
  });
  if (picked !== '') return picked;
  const {checkAt} = await import('../../pair/check.js');
  return prompter.input({
    message: "OpenClaw's name of the channel",
    why: 'As in the channels section of its config; its settings and secrets are given with --setting and --secret.',
    wrong: (text) => checkAt(asking.draft, ['channel', 'type'], text.trim()),
  });
}

async function newName(asking: Asking, prompter: Prompter, channel: string): Promise<string> {
  const {checkAt} = await import('../../pair/check.js');
  const taken = accountsOf(asking.facts?.primary).filter((one) => one.channel === channel);
  return prompter.input({
    message: 'Name of the account',
    why: 'Only a name in the configs of the two servers; it must not be the name of an account that the primary keeps.',
    initial: freeName(asking, channel),
    wrong: (text) =>
      taken.some((one) => one.account === text.trim())
        ? `the primary has a ${channel} account of that name`
        : checkAt(asking.draft, ['channel', 'account'], text.trim()),
  });
}

/** `default`, unless the primary has accounts on that channel: there the name would mean two things. */
function freeName(asking: Asking, channel: string): string {
  const taken = new Set(
    accountsOf(asking.facts?.primary)
      .filter((one) => one.channel === channel)
      .map((one) => one.account),
  );
  if (taken.size === 0) return 'default';
  let name = 'standby';
  for (let number = 2; taken.has(name); number++) name = `standby${number}`;
  return name;
}

function sameAccount({draft}: Asking, channel: string, name: string): boolean {
  const before = getAt(draft, ['channel', 'account']);
  return getAt(draft, ['channel', 'type']) === channel && (before === undefined || before === name);
}

function keptParts({draft}: Asking): Record<string, unknown> {
  const parts = ['settings', 'secrets'].map((key) => [key, getAt(draft, ['channel', key])] as const);
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}
