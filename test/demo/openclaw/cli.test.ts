import {existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import JSON5 from 'json5';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {hostFiles} from '../../../src/channels/program/files.js';
import {findPackage, installedPlugins} from '../../../src/channels/program/openclaw.js';
import {channelsStatusArgs} from '../../../src/plan/ask-channels.js';
import {liveAccount} from '../../../src/gateway/channels-status.js';
import {readChannelStatus} from '../../../src/monitor/channel-status.js';
import {pairSchema} from '../../../src/pair/schema.js';
import {standbyGatewayConfig} from '../../../src/templates/gateway-config.js';
import {buildClaw, Claw, goodConfig, token, version} from './claw.js';

let code: Awaited<ReturnType<typeof buildClaw>>;
let claw: Claw;

beforeAll(async () => {
  code = await buildClaw();
});
afterAll(() => code.remove());
beforeEach(async () => {
  claw = await Claw.make(code.url);
  writeFileSync(join(claw.state, '.env'), 'STUB_KEY=sk-local\n');
  claw.write(config());
});
afterEach(() => claw.remove());

const config = (...args: [nicks?: Record<string, string>, gateway?: object]) =>
  goodConfig({port: 18_789, chatPort: 6667}, ...args);
const onDisk = () => JSON5.parse<Record<string, any>>(readFileSync(claw.config, 'utf8'));
const patch = (text: string, ...more: string[]) =>
  claw.run(['config', 'patch', '--stdin', ...more], {input: text});

describe('the package', () => {
  it('is found as OpenClaw is, and says in each file what it is', () => {
    expect(
      findPackage([join(claw.package, 'dist/index.js')], hostFiles, {node: 'n', nodeVersion: '24.0.0'}),
    ).toMatchObject({packageDir: claw.package, entry: join(claw.package, 'openclaw.mjs'), version});
    for (const file of ['package.json', 'openclaw.mjs', 'dist/index.js'])
      expect(readFileSync(join(claw.package, file), 'utf8')).toContain('not OpenClaw');
    expect(statSync(join(claw.package, 'openclaw.mjs')).mode & 0o111).not.toBe(0);
  });
});

describe('openclaw', () => {
  it.each<[string[], number, RegExp]>([
    [['--version'], 0, /^OpenClaw 2026\.9\.6 \(/],
    [['--help'], 0, /not OpenClaw 2026\.9\.6\. It knows:\n {2}openclaw config validate/],
    [
      ['doctor'],
      2,
      /"openclaw doctor" is not known here\.\nThis is the stand-in .* it knows: config validate/,
    ],
    [['gateway', 'install'], 2, /Usage: openclaw gateway/],
    [['config', 'validate', '--nope'], 2, /Unknown option '--nope'/],
    [['config', 'patch'], 2, /Usage: openclaw config patch --stdin/],
    [['config', 'set', 'gateway.port'], 2, /Usage: openclaw config set PATH VALUE/],
    [['config', 'validate'], 0, /^Config valid: /],
    [['--no-color', '--profile', 'other', 'config', 'validate'], 1, /\.openclaw-other\/openclaw\.json/],
    [['config', 'get', 'gateway.port'], 0, /^18789\n$/],
    [['config', 'get', 'gateway.auth'], 0, /"token": "__OPENCLAW_REDACTED__"/],
    [['config', 'get', 'gateway.nothing'], 1, /Config path not found/],
    [['models', 'status', '--check'], 0, /Default {7}: stub\/stub/],
    [['gateway', 'status'], 1, /Gateway: not running/],
    [
      ['gateway', 'call', 'channels.status', '--json'],
      1,
      /Gateway call failed: the gateway cannot be reached/,
    ],
    [['gateway', '--port', 'many'], 1, /--port wants a port/],
    [['plugins', 'list'], 0, /^$/],
    [['plugins', 'install', '@openclaw/discord'], 1, /the stand-in has @openclaw\/irc/],
    [['plugins', 'install', '../evil'], 1, /is not known here/],
  ])('%j ends with %i', (args, exit, words) => {
    const ran = claw.run(args);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(words);
    expect(ran.code).toBe(exit);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(token);
  });

  it('says of a gateway that is not there that nothing is known of its accounts', () => {
    const ran = claw.run(channelsStatusArgs);
    expect(ran.code).toBe(0);
    expect(liveAccount(ran.stdout, 'irc', 'main').state).toBe('unknown');
    expect(readChannelStatus(ran.stdout, {type: 'irc', account: 'main'})).toMatchObject({
      connected: false,
      detail: 'the gateway cannot be reached',
    });
  });
});

describe('config validate', () => {
  const irc = (change: object) => ({
    ...config(),
    channels: {
      irc: {enabled: true, accounts: {main: {...config().channels.irc.accounts['main'], ...change}}},
    },
  });
  it.each<[string, object | string, string]>([
    ['is not JSON5', '{"a": ', 'is not valid JSON5'],
    ['has a word that is unknown', {...config(), gatewya: {}}, 'Unrecognized key: \\"gatewya\\"'],
    [
      'has a channel that is unknown',
      {...config(), channels: {rocketchat: {}}},
      'unknown channel id: rocketchat',
    ],
    ['has an unknown field in an account', irc({dm: {policy: 'allowlist'}}), 'channels.irc.accounts.main'],
    ['has a policy that is unknown', irc({dmPolicy: 'friends'}), 'channels.irc.accounts.main.dmPolicy'],
    ['lets everybody in by mistake', irc({dmPolicy: 'open'}), 'to include \\"*\\"'],
    ['has a port that is a text', config(undefined, {port: '18789'}), 'gateway.port'],
    ['has custom without its address', config(undefined, {bind: 'custom'}), 'gateway.customBindHost'],
    ['has a model that is none', {...config(), agents: {defaults: {model: 3}}}, 'agents.defaults.model'],
  ])('refuses one that %s', (_what, text, words) => {
    claw.write(text);
    const ran = claw.run(['config', 'validate', '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({valid: false, path: claw.config});
    expect(ran.stdout).toContain(words);
  });

  it('takes the config that setup writes, from a copy beside the real one', () => {
    const pair = pairSchema.parse({
      primary: {ssh: 'p'},
      standby: {ssh: 's'},
      channel: {
        type: 'irc',
        account: 'backup',
        settings: {
          host: 'chat',
          port: 6667,
          tls: false,
          nick: 'clawbak',
          dmPolicy: 'allowlist',
          allowFrom: ['alice'],
        },
        secrets: {password: {env: 'X'}},
      },
      model: {
        primary: 'stub/stub',
        providers: {stub: {baseUrl: 'http://chat/v1', apiKey: '${STUB_KEY}', models: []}},
      },
    });
    const copy = `${claw.config}.failover-new`;
    writeFileSync(copy, `// header\n${JSON.stringify(standbyGatewayConfig(pair, version), null, 2)}\n`);
    const validate = () => claw.run(['config', 'validate', '--json'], {env: {OPENCLAW_CONFIG_PATH: copy}});
    expect(validate()).toMatchObject({code: 0});
    expect(JSON.parse(validate().stdout)).toMatchObject({valid: true, path: copy});
    expect(claw.run(['models', 'status', '--check'], {env: {OPENCLAW_CONFIG_PATH: copy}}).code).toBe(0);
    writeFileSync(join(claw.state, '.env'), 'OTHER=1\n');
    const unpaid = claw.run(['models', 'status', '--check'], {env: {OPENCLAW_CONFIG_PATH: copy}});
    expect(unpaid).toMatchObject({code: 1, stdout: expect.stringContaining('STUB_KEY is not set')});
  });

  it('takes keys from gateway.env as well', () => {
    writeFileSync(join(claw.state, '.env'), '');
    expect(claw.run(['models', 'status', '--check']).code).toBe(1);
    const folder = join(claw.home, '.config/openclaw');
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'gateway.env'), 'STUB_KEY=pulled\n');
    expect(claw.run(['models', 'status', '--check']).code).toBe(0);
  });
});

describe('config patch', () => {
  it('merges, deletes with null, keeps references and includes, and keeps the old file', () => {
    const before = `// a comment\n${JSON.stringify(config())}`;
    claw.write(before);
    expect(patch("{gateway: {bind: 'custom', customBindHost: '127.0.0.9'}, cron: null}")).toMatchObject({
      code: 0,
    });
    const {gateway, cron, models, meta, channels} = onDisk();
    expect(gateway).toMatchObject({port: 18_789, bind: 'custom', customBindHost: '127.0.0.9', auth: {token}});
    expect(cron).toBeUndefined();
    expect(models.providers.stub.apiKey).toBe('${STUB_KEY}');
    expect(meta).toEqual({lastTouchedVersion: version});
    expect(channels).toEqual(config().channels);
    expect(readFileSync(`${claw.config}.bak`, 'utf8')).toBe(before);
    expect(statSync(claw.config).mode & 0o777).toBe(0o600);
    expect(readdirSync(claw.state).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes nothing that would be refused, nothing when it is to be tried only, and nothing twice', () => {
    const before = readFileSync(claw.config, 'utf8');
    const refused = patch('{"gateway": {"bind": "custom", "customBindHost": null}}', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ok: false, path: claw.config});
    expect(patch('{"gateway":').code).toBe(1);
    expect(patch('[1]').stderr).toContain('The patch is no object.');
    expect(JSON.parse(patch('{"cron": null}', '--dry-run', '--json').stdout)).toMatchObject({
      dryRun: true,
      changed: true,
    });
    expect(patch('{"cron": {"enabled": false}}')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('already'),
    });
    expect(readFileSync(claw.config, 'utf8')).toBe(before);
    expect(existsSync(`${claw.config}.bak`)).toBe(false);
  });

  it('does not write where the config may only be read', () => {
    const ran = claw.run(['config', 'patch', '--stdin'], {input: '{}', env: {OPENCLAW_CONFIG_READONLY: '1'}});
    expect(ran).toMatchObject({code: 1, stderr: expect.stringContaining('OPENCLAW_CONFIG_READONLY')});
  });

  it('leaves an included file alone', () => {
    writeFileSync(join(claw.state, 'rest.json'), JSON.stringify(config()));
    claw.write({$include: './rest.json', cron: {enabled: true}});
    expect(patch('{"cron": {"enabled": false}}')).toMatchObject({code: 0});
    expect(onDisk()).toMatchObject({$include: './rest.json', cron: {enabled: false}});
    expect(JSON.parse(readFileSync(join(claw.state, 'rest.json'), 'utf8'))).toEqual(config());
  });
});

it('config set takes a path and a value', () => {
  expect(claw.run(['config', 'set', 'channels.irc.accounts.main.enabled', 'false'])).toMatchObject({code: 0});
  expect(onDisk().channels.irc.accounts.main).toMatchObject({enabled: false, nick: 'clawmain'});
  expect(claw.run(['config', 'set', 'channels.irc.accounts.main.nick', 'other'])).toMatchObject({code: 0});
  expect(claw.run(['config', 'get', 'channels.irc.accounts.main.nick']).stdout).toBe('other\n');
  expect(claw.run(['config', 'set', 'gateway.port', 'x', '--strict-json'])).toMatchObject({code: 1});
});

describe('plugins install', () => {
  it('puts the plugin where it is read, once, and with --force again', () => {
    expect(claw.run(['plugins', 'install', '@openclaw/irc'])).toMatchObject({code: 0});
    expect(installedPlugins(claw.state, hostFiles)).toEqual({irc: version});
    const twice = claw.run(['plugins', 'install', '@openclaw/irc@2026.9.7']);
    expect(twice).toMatchObject({code: 1, stderr: expect.stringContaining('already exists')});
    expect(claw.run(['plugins', 'install', '--force', '@openclaw/irc@2026.9.7'])).toMatchObject({code: 0});
    expect(installedPlugins(claw.state, hostFiles)).toEqual({irc: '2026.9.7'});
    expect(JSON.parse(claw.run(['plugins', 'list', '--json']).stdout)).toEqual({
      plugins: [{id: 'irc', version: '2026.9.7', enabled: true}],
    });
  });
});
