import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {execFileSync} from 'node:child_process';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Abort} from '../../../src/errors.js';
import type {GatewayFact, HostFacts} from '../../../src/facts/types.js';
import {controlOf} from '../../../src/gateway/control.js';
import type {ConfigPatchChange} from '../../../src/plan/change.js';
import {configPatch} from '../../../src/plan/kinds/config-patch.js';
import {undoText} from '../../../src/plan/kinds/config-undo.js';
import {runningPrimary} from '../../phases/facts.js';
import {contextOf, localHost} from '../local-host.js';

let folder: string;
let config: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-patch-'));
  config = join(folder, 'openclaw.json');
  writeFileSync(config, 'before', {mode: 0o600});
  mkdirSync(join(folder, 'bin'));
  program('systemctl', [
    `case "$1" in`,
    `  is-active) cat ${folder}/state 2>/dev/null || echo active ;;`,
    // A gateway that does not start with what was patched in.
    `  restart) [ ! -e ${folder}/picky ] || grep -q before ${config} ;;`,
    'esac',
  ]);
  program('systemd-run', []);
  program('docker', [
    `case "$1" in`,
    `  inspect) echo running ;;`,
    // exec -i NAME argv…
    `  exec) shift 3; if [ "$*" = 'node dist/index.js config patch --stdin' ]; then set -- node x config patch; fi; exec "$@" ;;`,
    `  restart) [ ! -e ${folder}/picky ] || grep -q before ${config} ;;`,
    'esac',
  ]);
  // Both OpenClaw (`ENTRY config patch`) and the GET of the health check (`-e TEXT URL`).
  program('node', [
    `if [ "$1" = -e ]; then case "$3" in *readyz) [ -e ${folder}/sick ] && code=503 || code=200 ;; *) code=200 ;; esac`,
    `  case "$3" in *${'$'}{ONLY_AT:-}*) printf %s "$code"; [ "$code" = 200 ] ;; *) printf 0; exit 1 ;; esac`,
    `elif [ "$2 $3" = 'channels status' ]; then echo '{"channelAccounts":{"irc":[]}}'`,
    `elif [ "$2 $3" = 'config patch' ]; then cat > ${config}; [ ! -e ${folder}/refuses ]`,
    'fi',
  ]);
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function program(name: string, lines: string[]): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, ['#!/bin/sh', `echo "${name} $*" >> ${folder}/log`, ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}
const having = (name: string, text = '') => writeFileSync(join(folder, name), text);
const log = () => readFileSync(join(folder, 'log'), 'utf8');
const text = () => readFileSync(config, 'utf8');
const copies = () => readdirSync(folder).filter((name) => name.includes('failover-backup'));

/** A primary whose gateway is the system unit or container that the programs above stand in for. */
function primary(gateway: Partial<GatewayFact> = {}): HostFacts {
  return runningPrimary({
    gateway: {
      known: true,
      value: {form: 'system-unit', unit: 'claw.service', active: true, listeners: [], ...gateway},
    },
    openclaw: {
      known: true,
      value: {
        packageDir: '/x',
        entry: '/x/openclaw.mjs',
        version: '1',
        engines: '*',
        node: join(folder, 'bin/node'),
        nodeVersion: '24',
      },
    },
    config: {known: true, value: {path: config, hash: 'h', tree: {}, backups: [], plugins: {}}},
  });
}

const change: ConfigPatchChange = {
  kind: 'config-patch',
  id: 'x',
  host: 'primary',
  title: 'x',
  patch: {gateway: {bind: 'custom', customBindHost: '100.64.0.11'}},
  before: {},
  takesEffect: 'restart',
};

function contextFor(facts: HostFacts, env: Record<string, string> = {}) {
  const host = localHost({PATH: `${folder}/bin:${process.env.PATH}`, ...env});
  const stop = new AbortController();
  const context = contextOf({...host, name: 'primary'});
  context.input = {...context.input, primary: facts};
  context.signal = stop.signal;
  return {context, stop};
}
const failure = (promise: Promise<unknown>): Promise<Abort> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => (error instanceof Abort ? error : Promise.reject(error as Error)),
  );

describe("an edit of the primary's config", () => {
  it('keeps a copy, arms the timer before it and stops it when the gateway is ready', async () => {
    await configPatch(change, contextFor(primary()).context);
    expect(text()).toContain('customBindHost');
    expect(copies()).toHaveLength(1);
    expect(readFileSync(join(folder, copies()[0]!), 'utf8')).toBe('before');
    const steps = log()
      .split('\n')
      .filter((line) => /^systemd-run|undo|config patch|^systemctl restart/.test(line))
      .map((line) => line.slice(0, 55));
    expect(steps).toEqual([
      'systemctl stop openclaw-failover-config-undo.timer',
      expect.stringContaining('systemd-run --quiet --unit=openclaw-failover-config-un'),
      'node /x/openclaw.mjs config patch --stdin',
      'systemctl restart claw.service',
      'systemctl stop openclaw-failover-config-undo.timer',
    ]);
  });
  it('asks the address that it makes the gateway listen on', async () => {
    await configPatch(change, contextFor(primary(), {ONLY_AT: '100.64.0.11'}).context);
    expect(log()).toContain('http://100.64.0.11:18789/readyz');
  });
  it.each(['activating', 'reloading'])('waits for a gateway that is %s', async (state) => {
    having('state', state);
    await configPatch(change, contextFor(primary()).context);
    expect(log()).toContain('systemctl restart');
  });
  it('restarts nothing where no gateway runs', async () => {
    having('state', 'inactive');
    await configPatch(change, contextFor(primary()).context);
    expect(log()).not.toMatch(/restart|systemd-run/);
    expect(text()).toContain('customBindHost');
  });
  it('that hands an account over keeps the standby from taking over until it is confirmed', async () => {
    const {context} = contextFor(primary());
    const ran: string[] = [];
    context.hosts = {
      ...context.hosts,
      standby: {
        ...context.host,
        run: async (_argv, {label} = {}) => {
          ran.push(
            `${label}, ${existsSync(join(folder, 'log')) && log().includes('config patch') ? 'after' : 'before'} the edit`,
          );
          return {code: 0, timedOut: false, stdout: '', stderr: '', tookMs: 1};
        },
      },
    };
    await configPatch({...change, takesEffect: 'reload', gone: {channel: 'irc', account: 'backup'}}, context);
    expect(ran).toEqual([
      'ask the monitor: hold 300, before the edit',
      'ask the monitor: release, after the edit',
    ]);
    expect(log()).not.toMatch(/^systemctl restart/m);
  });
  it('is taken back when the gateway does not start with it', async () => {
    having('picky');
    const error = await failure(configPatch(change, contextFor(primary()).context));
    expect(error.message).toContain('the config from before is back and it is healthy again');
    expect(text()).toBe('before');
    expect(log().trimEnd()).toMatch(/systemctl stop openclaw-failover-config-undo\.timer$/);
  });
  it('is taken back when OpenClaw fails behind writing it', async () => {
    having('refuses');
    const error = await failure(configPatch(change, contextFor(primary()).context));
    expect(error.message).toContain('nothing was changed');
    expect(text()).toBe('before');
  });
  it('ends as interrupted, with the config from before, when the operator stops it while it waits', async () => {
    having('sick');
    const {context, stop} = contextFor(primary());
    context.say = (line) => void (line.startsWith('restarting') && stop.abort());
    const error = await failure(configPatch(change, context));
    expect([error.exit, error.message]).toEqual([
      130,
      expect.stringContaining('the config from before is back'),
    ]);
    expect(text()).toBe('before');
    expect(log().match(/^systemctl restart/gm)).toHaveLength(2);
  });
});

describe('what the primary does by itself when this machine is gone', () => {
  const backup = () => `${config}.backup`;
  const undo = () => {
    const facts = primary();
    const script = undoText(facts, controlOf(facts)!, {
      path: config,
      backup: backup(),
      also: ['100.64.0.11'],
    });
    execFileSync('/bin/sh', ['-c', script], {env: {PATH: `${folder}/bin:${process.env.PATH}`}});
    return script;
  };
  beforeEach(() => {
    writeFileSync(backup(), 'before');
    writeFileSync(config, 'patched');
  });
  it('leaves the edit of a gateway that is ready', () => {
    undo();
    expect(text()).toBe('patched');
    expect(log()).not.toContain('systemctl');
  });
  it('puts the copy back and restarts a gateway that is not', () => {
    having('sick');
    undo();
    expect(text()).toBe('before');
    expect(log()).toContain('systemctl restart claw.service');
    expect(log()).toContain('http://100.64.0.11:18789/readyz');
  });
  it("does the owner's part as the owner", () => {
    const facts = primary({user: 'openclaw'});
    const wanted = {path: config, backup: backup(), also: []};
    expect(undoText(facts, controlOf(facts)!, wanted)).toMatch(
      /^if runuser -u openclaw -- \S+node -e .*; fi; runuser -u openclaw -- sh -c .* && systemctl restart claw.service$/,
    );
  });
  it('has nothing in it that systemd would take for a variable', () => expect(undo()).not.toContain('$'));
});

describe('a gateway in a container', () => {
  const claw = {form: 'compose', container: {engine: 'docker', name: 'claw'}} as const;
  it('is edited and asked inside, without a timer of the host', async () => {
    await configPatch(change, contextFor(primary(claw)).context);
    expect(text()).toContain('customBindHost');
    expect(copies()).toHaveLength(1);
    expect(log()).toContain('docker exec -i claw sh -s');
    expect(log()).toMatch(/docker exec -i claw node -e .*readyz/);
    expect(log()).not.toContain('systemd-run');
  });
  it('gets its config back inside too', async () => {
    having('picky');
    await failure(configPatch(change, contextFor(primary(claw)).context));
    expect(text()).toBe('before');
    expect(existsSync(`${config}.failover-new`)).toBe(false);
    expect(log().match(/docker exec -i claw sh -s/g)!.length).toBeGreaterThanOrEqual(2);
  });
});
