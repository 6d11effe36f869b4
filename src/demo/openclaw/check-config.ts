import {channelRules, notChannels} from '../../channels/program/table.js';
import {isTree, type Tree} from '../../channels/program/plain-object.js';

/** Something that OpenClaw refuses about a config. */
export interface Issue {
  /** Dotted. */
  path: string;
  message: string;
}

type Check = (value: unknown, path: string) => Issue[];

const wrong = (path: string, message: string): Issue[] => [{path, message}];
const any: Check = () => [];
const expects =
  (what: string, fits: (value: unknown) => boolean): Check =>
  (value, path) =>
    fits(value) ? [] : wrong(path, `Invalid input: expected ${what}`);
const string = expects('string', (value) => typeof value === 'string');
const boolean = expects('boolean', (value) => typeof value === 'boolean');
const integer = (min: number, max: number) =>
  expects(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  );
const oneOf = (...words: string[]) =>
  expects(`one of ${words.map((word) => `"${word}"`).join('|')}`, (value) => words.includes(value as string));
const secret = expects('string or SecretRef', (value) => typeof value === 'string' || isTree(value));
const list =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => check(item, `${path}.${index}`))
      : wrong(path, 'Invalid input: expected array');
const record =
  (check: Check): Check =>
  (value, path) =>
    isTree(value)
      ? Object.entries(value).flatMap(([key, item]) => check(item, at(path, key)))
      : wrong(path, 'Invalid input: expected object');
/** An object whose known keys are checked; others are refused when it is `strict`. */
const shape =
  (known: Record<string, Check>, {strict = false} = {}): Check =>
  (value, path) =>
    isTree(value)
      ? Object.entries(value).flatMap(([key, item]) => {
          const check = Object.hasOwn(known, key) ? known[key] : undefined;
          if (check) return check(item, at(path, key));
          return strict ? wrong(path, `Unrecognized key: "${key}"`) : [];
        })
      : wrong(path, 'Invalid input: expected object');

const at = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

const senders = list(expects('string or number', (value) => ['string', 'number'].includes(typeof value)));

/** OpenClaw's fields of an IRC account (its extensions/irc/src/config-schema.ts). */
const ircFields: Record<string, Check> = {
  name: string,
  enabled: boolean,
  host: string,
  port: integer(1, 65_535),
  tls: boolean,
  nick: string,
  username: string,
  realname: string,
  password: secret,
  passwordFile: string,
  nickserv: shape(
    {
      enabled: boolean,
      service: string,
      password: secret,
      passwordFile: string,
      register: boolean,
      registerEmail: string,
    },
    {strict: true},
  ),
  dmPolicy: oneOf('pairing', 'allowlist', 'open', 'disabled'),
  allowFrom: senders,
  groupPolicy: oneOf('open', 'disabled', 'allowlist'),
  groupAllowFrom: senders,
  groups: record(any),
  channels: list(string),
  mentionPatterns: list(string),
  ...Object.fromEntries(
    [
      'markdown historyLimit dmHistoryLimit dms textChunkLimit chunkMode blockStreaming blockStreamingCoalesce',
      'commandPrefix responsePrefix mediaMaxMb capabilities configWrites dangerouslyAllowNameMatching',
      'defaultTo healthMonitor contextVisibility',
    ]
      .flatMap((words) => words.split(' '))
      .map((name) => [name, any]),
  ),
};

const ircAccount: Check = (value, path) => [
  ...shape(ircFields, {strict: true})(value, path),
  ...openToAll(value, path),
];
const irc: Check = (value, path) => [
  ...shape({...ircFields, accounts: record(ircAccount), defaultAccount: string}, {strict: true})(value, path),
  ...openToAll(value, path),
];

function openToAll(value: unknown, path: string): Issue[] {
  if (!isTree(value) || value.dmPolicy !== 'open') return [];
  const {allowFrom} = value;
  if (Array.isArray(allowFrom) && allowFrom.includes('*')) return [];
  return wrong(
    `${path}.allowFrom`,
    'channels.irc.dmPolicy="open" requires channels.irc.allowFrom to include "*"',
  );
}

const channelIds = new Set([...channelRules.map(({channel}) => channel), ...notChannels]);

const channels: Check = (value, path) => {
  if (!isTree(value)) return wrong(path, 'Invalid input: expected object');
  return Object.entries(value).flatMap(([id, section]) => {
    if (!channelIds.has(id)) return wrong(at(path, id), `unknown channel id: ${id}`);
    return (id === 'irc' ? irc : shape({enabled: boolean, accounts: record(any)}))(section, at(path, id));
  });
};

const gateway: Check = (value, path) => {
  const found = shape({
    port: integer(1, 65_535),
    mode: oneOf('local', 'remote'),
    bind: oneOf('auto', 'lan', 'loopback', 'custom', 'tailnet'),
    customBindHost: string,
    auth: shape({mode: oneOf('none', 'token', 'password', 'trusted-proxy'), token: secret, password: secret}),
    reload: shape({mode: oneOf('off', 'restart', 'hot', 'hybrid')}),
  })(value, path);
  if (!isTree(value) || value.bind !== 'custom' || typeof value.customBindHost === 'string') return found;
  return [
    ...found,
    ...wrong(`${path}.customBindHost`, 'gateway.bind=custom requires gateway.customBindHost'),
  ];
};

const model = expects(
  'string or {primary, fallbacks}',
  (value) =>
    typeof value === 'string' ||
    (isTree(value) &&
      (value.primary === undefined || typeof value.primary === 'string') &&
      (value.fallbacks === undefined ||
        (Array.isArray(value.fallbacks) && value.fallbacks.every((item) => typeof item === 'string')))),
);

const root = shape(
  {
    agents: shape({
      defaults: shape({model, workspace: string}),
      entries: record(shape({model, workspace: string})),
    }),
    models: shape({
      mode: oneOf('merge', 'replace'),
      providers: record(
        shape({baseUrl: string, apiKey: secret, models: list(shape({id: string, name: string}))}),
      ),
    }),
    channels,
    plugins: shape({
      enabled: boolean,
      allow: list(string),
      deny: list(string),
      entries: record(shape({enabled: boolean})),
    }),
    cron: shape({enabled: boolean}),
    gateway,
    ...Object.fromEntries(
      [
        '$schema meta wizard env secrets auth acp approvals accessGroups audio bindings broadcast browser canvasHost',
        'cli commands diagnostics discovery hooks logging mcp media memory messages nodeHost nodes proxy session',
        'skills surfaces talk tools transcripts tts ui update web workspace crestodian',
      ]
        .flatMap((words) => words.split(' '))
        .map((name) => [name, any]),
    ),
  },
  {strict: true},
);

/** What OpenClaw would refuse about a config whose `${VAR}`s are replaced. */
export const issuesOf = (config: Tree): Issue[] => root(config, '');
