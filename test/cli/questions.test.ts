import {describe, expect, it} from 'vitest';
import {fingerprint} from '../../src/channels/fingerprint.js';
import {askTargets, askTheRest} from '../../src/cli/questions/flow.js';
import type {Asking} from '../../src/cli/questions/question.js';
import {problemSentence, checkPair} from '../../src/pair/check.js';
import type {Draft} from '../../src/pair/path.js';
import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';
import {layout} from '../../src/templates/layout.js';
import {enter, fakePrompter, type Reply} from './fake-prompter.js';
import {accountOf, configOf, factsOf} from './facts-of.js';

const key = 'f'.repeat(64);
const asks = {ask: true, yes: false};
const silent = {ask: false, yes: false};
const silentYes = {ask: false, yes: true};

const twoBots = {
  config: configOf({
    agents: {
      defaults: {
        model: {primary: 'anthropic/claude-opus-4-6', fallbacks: ['anthropic/claude-sonnet-4-5']},
        workspace: '/w',
      },
    },
    channels: {
      telegram: {
        enabled: true,
        dmPolicy: 'allowlist',
        allowFrom: ['42'],
        accounts: {main: {botToken: {$fp: 'x'}}, backup: {botToken: {$fp: 'y'}, streaming: 'off'}},
      },
    },
  }),
  accounts: {
    known: true,
    accounts: [
      accountOf('telegram', 'main', {
        credentials: [
          {field: 'botToken', fp: fingerprint(key, '111111:AAAAAAAAAAAAAAAAAAAAAAAA'), from: 'inline'},
        ],
      }),
      accountOf('telegram', 'backup', {
        identity: {fp: 'i', label: 'bot 222222'},
        credentials: [
          {field: 'botToken', fp: fingerprint(key, '222222:BBBBBBBBBBBBBBBBBBBBBBBB'), from: 'inline'},
        ],
      }),
    ],
  },
  checkouts: {
    '/w': {path: '/w', exists: true, isGit: true, remote: 'git@example.org:me/w.git', branch: 'trunk'},
  },
} satisfies Partial<HostFacts>;

function askingOf({
  draft = {},
  saved = {},
  primary = {},
  standby = {},
}: {
  draft?: Draft;
  saved?: Draft;
  primary?: Partial<HostFacts>;
  standby?: Partial<HostFacts>;
} = {}): Asking {
  return {
    draft: {primary: {ssh: 'root@a'}, standby: {ssh: 'root@b'}, ...draft},
    saved,
    secrets: {},
    asked: [],
    facts: {primary: factsOf('primary', primary), standby: factsOf('standby', standby)},
  };
}

async function answer(asking: Asking, replies: Reply[], mode = asks) {
  const prompter = fakePrompter(replies);
  const open = await askTheRest(asking, mode, prompter);
  expect(prompter.left()).toEqual([]);
  return {prompter, open: open.map(problemSentence), messages: prompter.asked.map(({message}) => message)};
}

const goOn: Reply = [/Is this right/, 'go'];
const common: Reply[] = [
  [/Private network/, enter],
  [/Model of the standby/, enter],
  [/Fallback models/, enter],
  [/Git remote/, enter],
  [/Host name/, enter],
  [/gateway of the standby/, enter],
  [/Who is told/, enter],
];
const noModelKey: Reply = [/API key of anthropic/, 'sk-ant-1'];

describe('the two targets', () => {
  it('are asked, each with the reason, and nothing else is before the connection', async () => {
    const prompter = fakePrompter([
      [/Primary/, 'root@203.0.113.10'],
      [/Standby/, 'claw-backup'],
    ]);
    const asking: Asking = {draft: {}, saved: {}, secrets: {}, asked: []};
    expect(await askTargets(asking, asks, prompter)).toEqual([]);
    expect(asking.draft).toEqual({primary: {ssh: 'root@203.0.113.10'}, standby: {ssh: 'claw-backup'}});
  });

  it('are judged by the schema while they are typed', async () => {
    const asking: Asking = {draft: {}, saved: {}, secrets: {}, asked: []};
    await expect(askTargets(asking, asks, fakePrompter([[/Primary/, 'a b']]))).rejects.toThrow(
      /must look like user@host/,
    );
  });

  it('the primary cannot be its own standby', async () => {
    const asking = askingOf();
    asking.draft = {primary: {ssh: 'root@a'}};
    await expect(askTargets(asking, asks, fakePrompter([[/Standby/, 'root@a']]))).rejects.toThrow(
      /is the primary/,
    );
    asking.draft = {primary: {ssh: 'root@a'}, standby: {ssh: 'root@a'}};
    const problems = await askTargets(asking, silent, fakePrompter([]));
    expect(problems.map(problemSentence)).toEqual([
      'standby.ssh: is the primary; the standby is another server',
    ]);
  });

  it('are not asked where nobody can be asked', async () => {
    const asking: Asking = {draft: {primary: {ssh: 'root@a'}}, saved: {}, secrets: {}, asked: []};
    const open = await askTargets(asking, silentYes, fakePrompter([]));
    expect(open.map(problemSentence)).toEqual(['standby.ssh: is missing']);
  });
});

describe('a second bot of the primary', () => {
  const replies: Reply[] = [
    ...common,
    [/Which chat account/, 'telegram/backup'],
    [/bot token/, '222222:BBBBBBBBBBBBBBBBBBBBBBBB'],
    noModelKey,
    goOn,
  ];

  it('moves over with its settings; its secret is asked for and never copied', async () => {
    const asking = askingOf({primary: twoBots});
    const {prompter} = await answer(asking, replies);
    expect(asking.draft).toMatchObject({
      network: {kind: 'existing'},
      channel: {
        type: 'telegram',
        account: 'backup',
        settings: {dmPolicy: 'allowlist', allowFrom: ['42'], streaming: 'off'},
        secrets: {botToken: {prompt: true}},
      },
      model: {
        primary: 'anthropic/claude-opus-4-6',
        fallbacks: ['anthropic/claude-sonnet-4-5'],
        secrets: {ANTHROPIC_API_KEY: {prompt: true}},
      },
      workspace: {remote: 'git@example.org:me/w.git', branch: 'trunk'},
      standby: {hostname: 'claw-backup'},
    });
    expect(asking.secrets['FAILOVER_TELEGRAM_BOT_TOKEN']?.reveal()).toBe('222222:BBBBBBBBBBBBBBBBBBBBBBBB');
    expect(checkPair(asking.draft).ok).toBe(true);
    expect(JSON.stringify(asking.draft)).not.toMatch(/222222|sk-ant|\$fp/);
    expect(prompter.notes.join('\n')).not.toMatch(/222222:|sk-ant/);
  });

  it('is offered with what is known about it, beside a new account and the classic splits', async () => {
    const {prompter} = await answer(askingOf({primary: twoBots}), replies);
    const question = prompter.asked.find(({message}) => /Which chat account/.test(message));
    expect(question?.choices?.map(({name}) => name)).toEqual([
      'Telegram account "main"',
      'Telegram account "backup" · bot 222222',
      'a new account, which the primary does not have',
    ]);
    expect(question?.initial).toBe('telegram/backup');
    expect(prompter.notes[0]).toMatch(/Discord bot.*\n.*two Telegram bots.*\n.*Slack and Discord/);
  });

  it('cannot be given the token of the bot that the primary keeps', async () => {
    const wrong = replies.map((reply): Reply =>
      reply[0].test('bot token') ? [reply[0], '111111:AAAAAAAAAAAAAAAAAAAAAAAA'] : reply,
    );
    await expect(answer(askingOf({primary: twoBots}), wrong)).rejects.toThrow(
      /this is a credential of the primary's telegram account "main", which the primary keeps/,
    );
  });

  it('cannot be given something that is no bot token', async () => {
    const wrong = replies.map((reply): Reply => (reply[0].test('bot token') ? [reply[0], 'xoxb-1'] : reply));
    await expect(answer(askingOf({primary: twoBots}), wrong)).rejects.toThrow(
      /does not look like a bot token/,
    );
  });
});

describe('the account under the cursor', () => {
  const accounts = (...list: AccountFact[]): Partial<HostFacts> => ({
    accounts: {known: true, accounts: list},
  });
  it.each([
    [
      'a new one where each network has one account',
      [accountOf('slack', 'a'), accountOf('discord', 'b')],
      'new',
    ],
    [
      'the second of a network',
      [accountOf('irc', 'a'), accountOf('slack', 'b'), accountOf('irc', 'c')],
      'irc/c',
    ],
    [
      'one that the primary does not use any more',
      [accountOf('irc', 'a'), accountOf('irc', 'b'), accountOf('slack', 'c', {enabled: false})],
      'slack/c',
    ],
  ])('is %s', async (_name, list, initial) => {
    const prompter = fakePrompter([...common, [/Which chat account/, 'nothing of the list']]);
    await expect(askTheRest(askingOf({primary: accounts(...list)}), asks, prompter)).rejects.toThrow(
      /no choice/,
    );
    expect(prompter.asked.find(({message}) => /Which chat account/.test(message))?.initial).toBe(initial);
  });
});

describe('the only account of the primary', () => {
  it('cannot be given away', async () => {
    const primary = {
      accounts: {known: true, accounts: [accountOf('discord', 'default')]},
    } satisfies Partial<HostFacts>;
    await expect(
      answer(askingOf({primary}), [...common, [/Which chat account/, 'discord/default']]),
    ).rejects.toThrow(/the primary keeps it, it is its only one/);
  });
});

describe('a new account', () => {
  it('on another network asks for its settings, its senders and its secrets', async () => {
    const asking = askingOf({primary: twoBots});
    const {messages} = await answer(asking, [
      ...common,
      [/Which chat account/, 'new'],
      [/On which network/, 'irc'],
      [/Name of the account/, enter],
      [/IRC: server$/, 'irc.example.org'],
      [/IRC: port/, '6667'],
      [/IRC: TLS/, 'no'],
      [/IRC: nick/, 'clawbak'],
      [/Who may write to the standby/, 'allowlist'],
      [/Who may write to it/, 'alice!~alice@203.0.113.7'],
      [/IRC: server password/, ''],
      [/IRC: NickServ password/, ''],
      noModelKey,
      goOn,
    ]);
    expect(asking.draft['channel']).toEqual({
      type: 'irc',
      account: 'default',
      settings: {
        host: 'irc.example.org',
        port: 6667,
        tls: false,
        nick: 'clawbak',
        dmPolicy: 'allowlist',
        allowFrom: ['alice!~alice@203.0.113.7'],
      },
    });
    expect(messages.indexOf('Private network')).toBe(0);
  });

  it('on a network of the primary has a name of its own, and the senders of its sibling as default', async () => {
    const asking = askingOf({primary: twoBots});
    await answer(asking, [
      ...common,
      [/Which chat account/, 'new'],
      [/On which network/, 'telegram'],
      [/Name of the account/, enter],
      [/Who may write to the standby/, enter],
      [/Who may write to it/, enter],
      [/bot token/, '333333:CCCCCCCCCCCCCCCCCCCCCCCC'],
      noModelKey,
      goOn,
    ]);
    expect(asking.draft['channel']).toMatchObject({
      account: 'standby',
      settings: {dmPolicy: 'allowlist', allowFrom: ['42']},
    });
  });

  it('may not take the name of one that the primary keeps', async () => {
    await expect(
      answer(askingOf({primary: twoBots}), [
        ...common,
        [/Which chat account/, 'new'],
        [/On which network/, 'telegram'],
        [/Name of the account/, 'main'],
      ]),
    ).rejects.toThrow(/the primary has a telegram account of that name/);
  });

  it('whose senders are a list needs at least one: a bot that answers nobody is no standby', async () => {
    await expect(
      answer(askingOf(), [
        ...common,
        [/Which chat account/, 'new'],
        [/On which network/, 'discord'],
        [/Name of the account/, enter],
        [/Who may write to the standby/, 'allowlist'],
        [/Who may write to it/, ''],
      ]),
    ).rejects.toThrow(/at least one/);
  });
});

describe('what is given already', () => {
  const given = {
    network: {kind: 'existing'},
    channel: {
      type: 'telegram',
      account: 'backup',
      settings: {dmPolicy: 'open'},
      secrets: {botToken: {env: 'T'}},
    },
    model: {
      primary: 'anthropic/claude-opus-4-6',
      fallbacks: [],
      providers: {},
      secrets: {ANTHROPIC_API_KEY: {env: 'A'}},
    },
    workspace: {remote: 'r', branch: 'main'},
    standby: {ssh: 'root@b', hostname: 'h'},
    monitor: {standby: 'cold'},
    notify: [],
  };

  it('is not asked again, and without questions there is no review', async () => {
    const asking = askingOf({draft: given, primary: twoBots});
    const before = structuredClone(asking.draft);
    const {messages} = await answer(asking, []);
    expect(messages).toEqual([]);
    expect(asking.draft).toEqual(before);
  });

  it('is enough without anybody to ask', async () => {
    const {open} = await answer(askingOf({draft: given, primary: twoBots}), [], silent);
    expect(open).toEqual([]);
  });
});

describe('where nobody can be asked', () => {
  const least = {
    channel: {type: 'telegram', account: 'backup'},
    model: {primary: 'anthropic/claude-opus-4-6'},
  };

  it('a missing secret is named', async () => {
    const {open} = await answer(askingOf({draft: least, primary: twoBots}), [], silentYes);
    expect(open).toEqual(['channel.secrets.botToken: is missing']);
  });

  it('a secret that the standby has from an earlier run is enough', async () => {
    const standby = {
      envFiles: {[layout.envFile]: {FAILOVER_TELEGRAM_BOT_TOKEN: 'hash', ANTHROPIC_API_KEY: 'hash'}},
    };
    const asking = askingOf({draft: least, primary: twoBots, standby});
    const {open} = await answer(asking, [], silent);
    expect(open).toEqual([]);
    expect(asking.draft['channel']).toMatchObject({secrets: {botToken: {prompt: true}}});
  });

  it('a typed secret that a new standby does not have is missing, and says why', async () => {
    const draft = {...least, channel: {...least.channel, secrets: {botToken: {prompt: true}}}};
    const {open} = await answer(askingOf({draft, saved: draft, primary: twoBots}), [], silentYes);
    expect(open).toEqual(['channel.secrets.botToken: was typed in an earlier run and is not on the standby']);
  });

  it('--yes takes the defaults that the facts give', async () => {
    const draft = {...least, channel: {...least.channel, secrets: {botToken: {env: 'T'}}}};
    const asking = askingOf({draft, primary: twoBots});
    await answer(asking, [], silentYes);
    expect(asking.draft).toMatchObject({
      network: {kind: 'existing'},
      channel: {settings: {dmPolicy: 'allowlist', allowFrom: ['42'], streaming: 'off'}},
      workspace: {remote: 'git@example.org:me/w.git', branch: 'trunk'},
    });
  });

  it('without --yes nothing is decided from the facts', async () => {
    const draft = {...least, channel: {...least.channel, secrets: {botToken: {env: 'T'}}}};
    const asking = askingOf({draft, primary: twoBots});
    const before = structuredClone(asking.draft);
    await answer(asking, [], silent);
    expect(asking.draft).toEqual(before);
  });

  it('the second run decides the same, although the account has moved by then', async () => {
    const draft = {...least, channel: {...least.channel, secrets: {botToken: {env: 'T'}}}};
    const first = askingOf({draft, primary: twoBots});
    await answer(first, [], silentYes);
    const checked = checkPair(first.draft);
    if (!checked.ok) throw new Error('the first run gave no pair');
    const moved = {
      ...twoBots,
      config: configOf({}),
      accounts: {known: true as const, accounts: []},
      checkouts: {},
    };
    const second = askingOf({draft, saved: checked.pair, primary: moved});
    await answer(second, [], silentYes);
    expect(checkPair(second.draft)).toEqual(checked);
  });
});

describe('consent to change how the primary listens', () => {
  const loopback = {
    ...twoBots,
    gateway: {
      known: true as const,
      value: {
        form: 'user-unit' as const,
        active: true,
        listeners: [{protocol: 'tcp' as const, address: '127.0.0.1', port: 18789}],
      },
    },
  };
  const given = {
    channel: {type: 'telegram', account: 'backup', secrets: {botToken: {env: 'T'}}},
    model: {primary: 'x/y'},
  };

  it('is asked only when its gateway listens on loopback alone', async () => {
    const {messages} = await answer(askingOf({draft: given, primary: loopback}), [
      [/Private network/, enter],
      [/listens on loopback only/, 'bind'],
      [/Fallback models/, enter],
      [/Git remote/, enter],
      [/Host name/, enter],
      [/gateway of the standby/, enter],
      [/Who is told/, enter],
      goOn,
    ]);
    expect(messages).toContain(
      "The primary's gateway listens on loopback only. How may the standby see its health?",
    );
  });

  it('is never given by --yes', async () => {
    const {open} = await answer(askingOf({draft: given, primary: loopback}), [], silentYes);
    expect(open).toEqual(['primary.expose: is missing']);
  });

  it('is not needed when the standby sees the health already', async () => {
    const standby = {probe: {target: '100.64.0.11 18789', status: 200, tookMs: 2, body: '{}'}};
    const {open} = await answer(askingOf({draft: given, primary: loopback, standby}), [], silentYes);
    expect(open).toEqual([]);
  });

  it('by tailscale serve needs Tailscale', async () => {
    await expect(
      answer(askingOf({draft: given, primary: loopback}), [
        [/Private network/, enter],
        [/loopback only/, 'serve'],
      ]),
    ).rejects.toThrow(/needs Tailscale/);
  });
});

describe('two hosts that share no network', () => {
  const alone = {addresses: [{name: 'eth0', address: '203.0.113.20', family: 4 as const, prefix: 24}]};
  const given = {
    channel: {
      type: 'telegram',
      account: 'backup',
      settings: {dmPolicy: 'open'},
      secrets: {botToken: {env: 'T'}},
    },
    model: {primary: 'x/y', fallbacks: [], providers: {}},
    workspace: {remote: 'r', branch: 'main'},
  };
  const rest: Reply[] = [
    [/Host name/, enter],
    [/gateway of the standby/, enter],
    [/Who is told/, enter],
    goOn,
  ];

  it('get Tailscale as the default, with a key that is used once and saved nowhere', async () => {
    const asking = askingOf({draft: given, primary: twoBots, standby: alone});
    await answer(asking, [[/Private network/, enter], [/auth key/, 'tskey-auth-1'], ...rest]);
    expect(asking.draft['network']).toEqual({kind: 'tailscale', authKey: {prompt: true}});
    expect(asking.secrets['TAILSCALE_AUTHKEY']?.reveal()).toBe('tskey-auth-1');

    const again = askingOf({draft: asking.draft, primary: twoBots, standby: alone});
    await answer(again, [[/auth key/, ''], goOn]);
    expect(again.draft['network']).toEqual({kind: 'tailscale'});
  });

  it('are asked for their addresses when a network exists all the same', async () => {
    const asking = askingOf({draft: given, primary: twoBots, standby: alone});
    await answer(asking, [
      [/Private network/, 'existing'],
      [/address of the primary/, enter],
      [/address of the standby/, 'fd00::2'],
      ...rest,
    ]);
    expect(asking.draft).toMatchObject({primary: {address: '100.64.0.11'}, standby: {address: 'fd00::2'}});
  });
});

describe('a model provider of the primary’s own', () => {
  const own = {
    ...twoBots,
    config: configOf({
      agents: {defaults: {model: 'stub/stub'}},
      models: {
        providers: {
          stub: {baseUrl: 'http://10.0.0.1/v1', apiKey: {$fp: 'k'}, headers: {'x-org': '${ORG_KEY}'}},
          other: {apiKey: {$fp: 'o'}},
        },
      },
    }),
  };

  it('comes along with names in the place of its credentials, and those are asked for', async () => {
    const asking = askingOf({
      draft: {channel: {type: 'telegram', account: 'backup', settings: {}, secrets: {botToken: {env: 'T'}}}},
      primary: own,
    });
    await answer(asking, [
      ...common,
      [/^API key of stub$/, 'sk-local'],
      [/ORG_KEY/, 'org'],
      [/Who may write to the standby/, 'disabled'],
      goOn,
    ]);
    expect(asking.draft['model']).toMatchObject({
      primary: 'stub/stub',
      providers: {
        stub: {
          baseUrl: 'http://10.0.0.1/v1',
          apiKey: '${FAILOVER_MODEL_STUB_API_KEY}',
          headers: {'x-org': '${ORG_KEY}'},
        },
      },
      secrets: {FAILOVER_MODEL_STUB_API_KEY: {prompt: true}, ORG_KEY: {prompt: true}},
    });
  });
});

describe('the review', () => {
  const replies: Reply[] = [
    ...common,
    [/Which chat account/, 'telegram/backup'],
    [/bot token/, '222222:BBBBBBBBBBBBBBBBBBBBBBBB'],
    noModelKey,
  ];

  it('shows every decision and no secret', async () => {
    const {prompter} = await answer(askingOf({primary: twoBots}), [...replies, goOn]);
    const page = prompter.notes.at(-1) ?? '';
    for (const text of [
      'existing',
      'backup',
      'allowlist',
      '42',
      'claude-opus-4-6',
      'git@example.org',
      'typed',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('222222:');
  });

  it('goes back to one question, and asks what that change makes necessary', async () => {
    const asking = askingOf({primary: twoBots});
    await answer(asking, [
      ...replies,
      [/Is this right/, 'change'],
      [/Which one/, 'channel.type'],
      [/Which chat account/, 'new'],
      [/On which network/, 'discord'],
      [/Name of the account/, enter],
      [/Who may write to the standby/, enter],
      [/Who may write to it/, '99'],
      [/bot token/, 'aaa.bbb.ccc'],
      goOn,
    ]);
    expect(asking.draft['channel']).toEqual({
      type: 'discord',
      account: 'default',
      settings: {dmPolicy: 'allowlist', allowFrom: ['99']},
      secrets: {token: {prompt: true}},
    });
  });

  it('does not ask again what was left empty', async () => {
    const asking = askingOf({primary: {...twoBots, checkouts: {}}});
    const {messages} = await answer(asking, [
      ...replies,
      [/Is this right/, 'change'],
      [/Which one/, 'standby.hostname'],
      [/Host name/, 'other'],
      goOn,
    ]);
    expect(messages.filter((message) => message === 'Git remote of the workspace')).toHaveLength(1);
    expect(asking.draft['standby']).toMatchObject({hostname: 'other'});
  });

  it('lets go without a trace', async () => {
    await expect(
      answer(askingOf({primary: twoBots}), [...replies, [/Is this right/, 'quit']]),
    ).rejects.toMatchObject({exit: 130});
  });
});

describe('who is told', () => {
  const given = {
    network: {kind: 'existing'},
    channel: {
      type: 'telegram',
      account: 'backup',
      settings: {dmPolicy: 'open'},
      secrets: {botToken: {env: 'T'}},
    },
    model: {primary: 'x/y', fallbacks: [], providers: {}},
    workspace: {remote: 'r', branch: 'main'},
    standby: {ssh: 'root@b', hostname: 'h'},
    monitor: {standby: 'cold'},
  };
  const onStandby = (name: string) => ({envFiles: {[layout.notifySecrets]: {[name]: 'hash'}}});

  it('is asked once; what is typed is a secret of the run and not of the draft', async () => {
    const asking = askingOf({draft: given, primary: twoBots});
    const {prompter} = await answer(asking, [
      [/Who is told/, 'ntfy,command,ping'],
      [/Server of ntfy/, 'https://push.example.org'],
      [/Topic of ntfy/, 'claw-7f3a'],
      [/Access token/, ''],
      [/Program on the standby/, '/usr/local/bin/tell-me'],
      [/URL of the dead-man ping/, 'https://hc.example.org/ping/SECRET'],
      goOn,
    ]);
    expect(asking.draft['notify']).toEqual([
      {kind: 'ntfy', server: 'https://push.example.org', topic: {prompt: true}},
      {kind: 'command', path: '/usr/local/bin/tell-me'},
      {kind: 'ping', url: {prompt: true}},
    ]);
    expect(asking.secrets['FAILOVER_NOTIFY_NTFY_TOPIC']?.reveal()).toBe('claw-7f3a');
    expect(asking.secrets['FAILOVER_NOTIFY_PING_URL']?.reveal()).toBe('https://hc.example.org/ping/SECRET');
    expect(prompter.notes.join()).toContain(
      'ntfy (https://push.example.org), command (/usr/local/bin/tell-me), ping',
    );
    expect(prompter.notes.join()).not.toMatch(/SECRET|claw-7f3a/);
  });

  it.each([
    [/Topic of ntfy/, 'my topic', 'this is not a topic of ntfy'],
    [/URL of the webhook/, 'hooks.example.org/x', 'this is not an http or https URL'],
    [/Program on the standby/, 'tell-me', 'must be the absolute path'],
  ])('%s refuses "%s"', async (about, typed, what) => {
    const asking = askingOf({draft: given, primary: twoBots});
    const kind = {T: 'ntfy', U: 'webhook', P: 'command'}[about.source.charAt(0)] ?? '';
    const replies: Reply[] = [
      [/Who is told/, kind],
      [about, typed],
    ];
    if (kind === 'ntfy') replies.splice(1, 0, [/Server of ntfy/, enter]);
    await expect(answer(asking, replies)).rejects.toThrow(what);
  });

  it('may be nobody, and that is kept', async () => {
    const asking = askingOf({draft: given, primary: twoBots});
    await answer(asking, [[/Who is told/, enter], goOn]);
    expect(asking.draft['notify']).toEqual([]);
  });

  it('a typed secret that the standby has is enough', async () => {
    const notify = [{kind: 'webhook', url: {prompt: true}}];
    const standby = onStandby('FAILOVER_NOTIFY_WEBHOOK_URL');
    const asking = askingOf({draft: {...given, notify}, primary: twoBots, standby});
    const {messages} = await answer(asking, []);
    expect(messages).toEqual([]);
    expect(asking.draft['notify']).toEqual(notify);
  });

  it('a typed secret that a new standby does not have is asked for again; without questions the entry stays', async () => {
    const notify = [{kind: 'webhook', url: {prompt: true}}];
    const lost = () => askingOf({draft: {...given, notify}, saved: {...given, notify}, primary: twoBots});
    const asked = lost();
    await answer(asked, [[/Who is told/, enter], [/URL of the webhook/, 'https://a.example/x'], goOn]);
    expect(asked.secrets['FAILOVER_NOTIFY_WEBHOOK_URL']?.reveal()).toBe('https://a.example/x');
    const silentRun = lost();
    await answer(silentRun, [], silentYes);
    expect(silentRun.draft['notify']).toEqual(notify);
  });
});

describe('whether the standby sleeps cold or warm', () => {
  const question = /gateway of the standby/;
  const replies = (...more: Reply[]): Reply[] => [
    ...common.filter(([about]) => about.source !== question.source),
    [/Which chat account/, 'telegram/backup'],
    [/bot token/, '222222:BBBBBBBBBBBBBBBBBBBBBBBB'],
    noModelKey,
    ...more,
  ];
  const small = {memory: {totalBytes: 2e9, availableBytes: 1.7e9}};
  const busy = {memory: {totalBytes: 4e9, availableBytes: 1e9}};

  it('is asked with what it costs and gains, cold under the cursor, and is in the review', async () => {
    const asking = askingOf({primary: twoBots});
    const {prompter} = await answer(asking, replies([question, 'warm'], goOn));
    const asked = prompter.asked.find(({message}) => question.test(message));
    expect(asked).toMatchObject({kind: 'select', initial: 'cold'});
    expect(asked?.choices?.map(({name}) => name).join('\n')).toMatch(
      /whole start\n.*0\.8 to 1\.1 GB.*2 to 8 s/,
    );
    expect(asking.draft['monitor']).toEqual({standby: 'warm'});
    expect(prompter.notes.at(-1)).toMatch(/While asleep +the gateway sleeps with its channel off \(warm\)/);
    expect(checkPair(asking.draft).ok).toBe(true);
  });

  it('can be changed in the review', async () => {
    const asking = askingOf({primary: twoBots});
    const back: Reply[] = [
      [/Is this right/, 'change'],
      [/Which one/, 'monitor.standby'],
      [question, 'warm'],
    ];
    await answer(asking, replies([question, enter], ...back, goOn));
    expect(asking.draft['monitor']).toEqual({standby: 'warm'});
  });

  it.each([
    ['small', small],
    ['busy', busy],
  ])('is not asked where the standby is too %s', async (_, standby) => {
    const asking = askingOf({primary: twoBots, standby});
    await answer(asking, replies(goOn));
    expect(asking.draft['monitor']).toBeUndefined();
  });

  it('is not called sensible there when it comes up in the review', async () => {
    const asking = askingOf({draft: {monitor: {standby: 'cold'}}, primary: twoBots, standby: small});
    const back: Reply[] = [
      [/Is this right/, 'change'],
      [/Which one/, 'monitor.standby'],
      [question, enter],
    ];
    const {prompter} = await answer(asking, replies(...back, goOn));
    const asked = prompter.asked.find(({message}) => question.test(message));
    expect(asked?.choices?.at(-1)?.name).toContain('not sensible here, it has 1.7 GB of 2.0 GB left');
  });

  it('has its room where it sleeps already', async () => {
    const saved = {monitor: {standby: 'warm'}};
    const asking = askingOf({saved, primary: twoBots, standby: busy});
    const {prompter} = await answer(asking, replies([question, enter], goOn));
    expect(prompter.asked.find(({message}) => question.test(message))?.initial).toBe('warm');
    expect(asking.draft['monitor']).toEqual({standby: 'warm'});
  });
});
