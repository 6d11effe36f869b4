/** What an operator has to supply for an account of a channel, beside who may talk to it. */
export interface ChannelForm {
  type: string;
  title: string;
  secrets: readonly SecretField[];
  settings: readonly SettingField[];
  /** What an entry of `allowFrom` looks like. */
  sender: string;
  /** The channel keeps its login in a state folder, so it is linked by hand on the standby. */
  linked?: string;
}

export interface SecretField {
  field: string;
  /** `bot token (Discord developer portal, Bot)` */
  what: string;
  optional?: boolean;
  /** Not needed when this field is given. */
  instead?: string;
  /** A well-formed value; the check catches a paste of the wrong thing, not a wrong token. */
  shape?: RegExp;
}

export interface SettingField {
  field: string;
  what: string;
  initial?: string;
  kind: 'text' | 'number' | 'yes-no';
}

/** Channels that the wizard can ask for by name (secrets and settings: OpenClaw's channel docs). */
export const channelForms: readonly ChannelForm[] = [
  {
    type: 'telegram',
    title: 'Telegram',
    secrets: [{field: 'botToken', what: 'bot token from @BotFather', shape: /^\d+:[\w-]{20,}$/}],
    settings: [],
    sender: 'a numeric Telegram user id, e.g. 123456789',
  },
  {
    type: 'discord',
    title: 'Discord',
    secrets: [
      {field: 'token', what: 'bot token (Discord developer portal, Bot)', shape: /^[\w-]+\.[\w-]+\.[\w-]+$/},
    ],
    settings: [],
    sender: 'a Discord user id, e.g. 123456789012345678',
  },
  {
    type: 'slack',
    title: 'Slack',
    secrets: [
      {field: 'botToken', what: 'bot token (xoxb-…)', shape: /^xoxb-/},
      {field: 'appToken', what: 'app-level token (xapp-…)', shape: /^xapp-/},
    ],
    settings: [],
    sender: 'a Slack member id, e.g. U012ABCDEF',
  },
  {
    type: 'irc',
    title: 'IRC',
    secrets: [
      {field: 'password', what: 'server password', optional: true},
      {field: 'nickserv.password', what: 'NickServ password', optional: true},
    ],
    settings: [
      {field: 'host', what: 'server', kind: 'text'},
      {field: 'port', what: 'port', kind: 'number', initial: '6697'},
      {field: 'tls', what: 'TLS', kind: 'yes-no', initial: 'yes'},
      {field: 'nick', what: 'nick', kind: 'text'},
    ],
    sender: 'a nick!user@host mask, e.g. alice!~alice@203.0.113.7',
  },
  {
    type: 'matrix',
    title: 'Matrix',
    secrets: [{field: 'accessToken', what: 'access token', instead: 'password'}],
    settings: [
      {field: 'homeserver', what: 'homeserver URL', kind: 'text'},
      {field: 'userId', what: 'user id of the bot, e.g. @claw:example.org', kind: 'text'},
    ],
    sender: 'a Matrix user id, e.g. @alice:example.org',
  },
  {
    type: 'mattermost',
    title: 'Mattermost',
    secrets: [{field: 'botToken', what: 'bot token'}],
    settings: [{field: 'baseUrl', what: 'server URL', kind: 'text'}],
    sender: 'a Mattermost user id or @name',
  },
  {
    type: 'signal',
    title: 'Signal',
    secrets: [],
    settings: [{field: 'account', what: 'phone number of the account', kind: 'text'}],
    sender: 'a phone number, e.g. +4915112345678',
    linked: 'Signal keeps its login in signal-cli: link the number on the standby before phase 3.',
  },
  {
    type: 'whatsapp',
    title: 'WhatsApp',
    secrets: [],
    settings: [],
    sender: 'a phone number, e.g. +4915112345678',
    linked: 'WhatsApp keeps its login in a folder: link the phone on the standby before phase 3.',
  },
];

/** The form of a channel; a channel that is not in the list has no fields that we know of. */
export function channelForm(type: string): ChannelForm {
  const known = channelForms.find((form) => form.type === type);
  return (
    known ?? {type, title: type, secrets: [], settings: [], sender: 'the sender id that this channel uses'}
  );
}
