import {notifyName, wrongTopic, wrongToken, wrongUrl} from '../../pair/notify.js';
import {getAt, isRecord, type Draft} from '../../pair/path.js';
import {notifySecretName} from '../../pair/secret-names.js';
import {wrongText} from '../../pair/secret-text.js';
import {Secret} from '../../secret.js';
import {layout} from '../../templates/layout.js';
import type {Prompter} from '../prompter.js';
import type {Asking, Question} from './question.js';

const kinds = [
  {value: 'ntfy', name: 'ntfy: a push message to a phone', description: 'ntfy.sh, or a server of your own.'},
  {value: 'webhook', name: 'webhook: JSON to a URL', description: 'Slack, Mattermost, Discord, or your own.'},
  {value: 'command', name: 'command: a program on the standby', description: 'It gets the message on stdin.'},
  {
    value: 'ping',
    name: 'dead-man ping: a URL that misses it when the standby itself is dead',
    description: 'healthchecks.io and the like.',
  },
];

/** Who is told. One question with what belongs to it; leaving all boxes empty is an answer too. */
export const notify: readonly Question[] = [
  {
    path: ['notify'],
    label: 'Told',
    // The saved pair's entries come first; nobody is told who was not named.
    initial: () => [],
    ask,
    tell: (_asking, value) => told(value),
  },
];

const entriesOf = (value: unknown): Draft[] =>
  Array.isArray(value) ? value.filter((one) => isRecord(one)) : [];

function told(value: unknown): string {
  const names = entriesOf(value).map((entry) => {
    const detail = entry['server'] ?? entry['path'];
    return `${notifyName(entry)}${typeof detail === 'string' ? ` (${detail})` : ''}`;
  });
  return names.join(', ') || 'nobody; the journal and "failover-wizard status" are there';
}

async function ask(asking: Asking, prompter: Prompter, initial: unknown): Promise<Draft[]> {
  const before = entriesOf(initial);
  // Those with a name of their own come from an answers file, which is the place to change them.
  const named = before.filter(({name}) => name !== undefined);
  const plain = new Map(
    before.filter(({name}) => name === undefined).map((one) => [String(one['kind']), one]),
  );
  const chosen = await prompter.checkbox({
    message: 'Who is told when the standby takes over, or cannot? (none: nobody)',
    why: 'Each message says what happened, why, and what to do. It never delays a takeover.',
    choices: kinds,
    checked: [...plain.keys()],
  });
  const entries: Draft[] = [];
  for (const {value: kind} of kinds)
    if (chosen.includes(kind)) entries.push(await askKind(kind, plain.get(kind) ?? {kind}, asking, prompter));
  return [...entries, ...named];
}

async function askKind(kind: string, before: Draft, asking: Asking, prompter: Prompter): Promise<Draft> {
  const secret = (
    field: string,
    message: string,
    wrong: (text: string) => string | undefined,
    optional = false,
  ) => askSecret({kind, field, message, wrong, optional, before}, asking, prompter);
  const {checkAt} = await import('../../pair/check.js');
  switch (kind) {
    case 'ntfy': {
      const server = await prompter.input({
        message: 'Server of ntfy',
        initial: String(before['server'] ?? 'https://ntfy.sh'),
        wrong: (text) =>
          checkAt({notify: [{kind, topic: {prompt: true}}]}, ['notify', 0, 'server'], text.trim()),
      });
      const topic = await secret('topic', 'Topic of ntfy', wrongTopic);
      const token = await secret('token', 'Access token of ntfy (empty: none)', wrongToken, true);
      return {...before, server, topic, ...(token !== undefined && {token})};
    }
    case 'command': {
      const path = await prompter.input({
        message: 'Program on the standby (absolute path)',
        why: 'It runs in the sandbox of the monitor, as its user, for at most 10 s, with the message on stdin as JSON.',
        ...(before['path'] !== undefined && {initial: String(before['path'])}),
        wrong: (text) => checkAt({notify: [{kind}]}, ['notify', 0, 'path'], text.trim()),
      });
      return {...before, path};
    }
    default:
      return {
        ...before,
        url: await secret(
          'url',
          kind === 'ping' ? 'URL of the dead-man ping' : 'URL of the webhook',
          wrongUrl,
        ),
      };
  }
}

interface SecretAsked {
  kind: string;
  field: string;
  message: string;
  wrong: (text: string) => string | undefined;
  optional: boolean;
  before: Draft;
}

async function askSecret(
  {kind, field, message, wrong, optional, before}: SecretAsked,
  asking: Asking,
  prompter: Prompter,
): Promise<unknown> {
  const name = notifySecretName(kind, field);
  const there = asking.facts?.standby.envFiles[layout.notifySecrets]?.[name] !== undefined;
  const known = getAt(before, [field]) ?? (there ? {prompt: true} : undefined);
  const keeps = known !== undefined && (there || getAt(known, ['prompt']) !== true);
  const text = await prompter.password({
    message: keeps ? `${message} (empty: as it is)` : message,
    why: 'A secret: whoever has it can write there. It goes to the standby and stays nowhere else.',
    wrong: (typed) => {
      if (typed === '') return optional || keeps ? undefined : 'this is needed';
      const what = wrongText(typed, 'this') ?? wrong(typed);
      return what?.replace(/^is /, 'this is ');
    },
  });
  if (text === '') return keeps ? known : undefined;
  asking.secrets[name] = new Secret(text);
  return {prompt: true};
}
