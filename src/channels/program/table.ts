/** One credential of a channel account. */
export interface CredentialField {
  /** Dotted path inside the account. */
  field: string;
  /** Sibling field that names a file with it. */
  file?: string;
  /** Where OpenClaw looks first; default: config, file, environment. */
  order?: readonly ('inline' | 'file' | 'env')[];
  /** An account that sets the field or the file inherits neither. */
  levels?: boolean;
  /** Environment variables of the default account, used when nothing is configured. */
  env?: string;
  /** Environment variable that names a file, for the default account. */
  envFile?: string;
  /** What is taken off the value before it is compared. */
  strip?: RegExp;
}

/** What OpenClaw's plugin for a channel reads; checked against the plugins of 2026.9.6. */
export interface ChannelRule {
  channel: string;
  credentials: readonly CredentialField[];
  /** Fields that are no secrets but say who logs in, with their environment variable for the default account. */
  settings: Readonly<Record<string, string | undefined>>;
  /** Fields of the top level that only the default account has. */
  ownOnly?: readonly string[];
  /** Objects that are merged field by field instead of replaced. */
  nested?: readonly string[];
  /** `MATRIX_<ACCOUNT>_<SUFFIX>`: environment variables of named accounts, by field. */
  scopedEnv?: Readonly<Record<string, string>>;
}

const rule = (
  channel: string,
  credentials: readonly CredentialField[],
  rest: Omit<Partial<ChannelRule>, 'channel' | 'credentials'> = {},
): ChannelRule => ({channel, credentials, settings: {}, ...rest});

/** The channels whose accounts are understood field by field; any other is read by the look of its keys. */
export const channelRules: readonly ChannelRule[] = [
  rule('discord', [{field: 'token', env: 'DISCORD_BOT_TOKEN', strip: /^Bot\s+/i}]),
  rule('telegram', [
    {
      field: 'botToken',
      file: 'tokenFile',
      levels: true,
      order: ['file', 'inline', 'env'],
      env: 'TELEGRAM_BOT_TOKEN',
    },
    {field: 'webhookSecret'},
  ]),
  rule(
    'slack',
    [
      {field: 'botToken', env: 'SLACK_BOT_TOKEN'},
      {field: 'appToken', env: 'SLACK_APP_TOKEN'},
      {field: 'userToken', env: 'SLACK_USER_TOKEN'},
      {field: 'signingSecret'},
      {field: 'relay.authToken'},
    ],
    {nested: ['relay']},
  ),
  rule('whatsapp', [], {settings: {authDir: undefined}}),
  rule('signal', [], {settings: {account: undefined}, ownOnly: ['transport']}),
  rule(
    'irc',
    [
      {field: 'password', file: 'passwordFile', order: ['env', 'file', 'inline'], env: 'IRC_PASSWORD'},
      {
        field: 'nickserv.password',
        file: 'nickserv.passwordFile',
        order: ['inline', 'env', 'file'],
        env: 'IRC_NICKSERV_PASSWORD',
      },
    ],
    {settings: {host: 'IRC_HOST', port: 'IRC_PORT', nick: 'IRC_NICK', tls: 'IRC_TLS'}, nested: ['nickserv']},
  ),
  rule(
    'matrix',
    [
      {field: 'accessToken', env: 'MATRIX_ACCESS_TOKEN'},
      {field: 'password', env: 'MATRIX_PASSWORD'},
    ],
    {
      settings: {homeserver: 'MATRIX_HOMESERVER', userId: 'MATRIX_USER_ID'},
      ownOnly: ['userId', 'accessToken', 'password', 'deviceId'],
      scopedEnv: {
        homeserver: 'HOMESERVER',
        userId: 'USER_ID',
        accessToken: 'ACCESS_TOKEN',
        password: 'PASSWORD',
      },
    },
  ),
  rule('mattermost', [{field: 'botToken', env: 'MATTERMOST_BOT_TOKEN'}], {
    settings: {baseUrl: 'MATTERMOST_URL'},
  }),
  rule('msteams', [{field: 'appPassword', env: 'MSTEAMS_APP_PASSWORD'}], {
    settings: {appId: 'MSTEAMS_APP_ID'},
  }),
  rule('googlechat', [
    {
      field: 'serviceAccount',
      file: 'serviceAccountFile',
      env: 'GOOGLE_CHAT_SERVICE_ACCOUNT',
      envFile: 'GOOGLE_CHAT_SERVICE_ACCOUNT_FILE',
    },
  ]),
  rule('line', [
    {field: 'channelAccessToken', file: 'tokenFile', env: 'LINE_CHANNEL_ACCESS_TOKEN'},
    {field: 'channelSecret', file: 'secretFile', env: 'LINE_CHANNEL_SECRET'},
  ]),
  rule(
    'feishu',
    [
      {field: 'appSecret', env: 'FEISHU_APP_SECRET'},
      {field: 'encryptKey', env: 'FEISHU_ENCRYPT_KEY'},
      {field: 'verificationToken', env: 'FEISHU_VERIFICATION_TOKEN'},
    ],
    {settings: {appId: 'FEISHU_APP_ID'}},
  ),
  rule('nextcloud-talk', [
    {field: 'botSecret', file: 'botSecretFile', env: 'NEXTCLOUD_TALK_BOT_SECRET'},
    {field: 'apiPassword', file: 'apiPasswordFile', env: 'NEXTCLOUD_TALK_API_PASSWORD'},
  ]),
  rule('nostr', [{field: 'privateKey', env: 'NOSTR_PRIVATE_KEY'}]),
  rule('buzz', [{field: 'privateKey', env: 'BUZZ_PRIVATE_KEY'}, {field: 'authTag'}]),
  rule('clickclack', [{field: 'token', file: 'tokenFile', env: 'CLICKCLACK_BOT_TOKEN'}]),
  rule('zalo', [{field: 'botToken', file: 'tokenFile', env: 'ZALO_BOT_TOKEN'}, {field: 'webhookSecret'}]),
  rule('qqbot', [{field: 'clientSecret', file: 'clientSecretFile', env: 'QQBOT_CLIENT_SECRET'}], {
    settings: {appId: 'QQBOT_APP_ID'},
  }),
  rule('synology-chat', [{field: 'token', env: 'SYNOLOGY_CHAT_TOKEN'}]),
  rule('sms', [{field: 'authToken', env: 'TWILIO_AUTH_TOKEN'}], {
    settings: {accountSid: 'TWILIO_ACCOUNT_SID', fromNumber: 'TWILIO_PHONE_NUMBER'},
  }),
  rule('twitch', [{field: 'accessToken', env: 'OPENCLAW_TWITCH_ACCESS_TOKEN'}]),
];

/** Keys of `channels` that are settings for all channels. */
export const notChannels: ReadonlySet<string> = new Set(['defaults', 'modelByChannel']);

export function ruleOf(channel: string): ChannelRule | undefined {
  return channelRules.find((known) => known.channel === channel);
}
