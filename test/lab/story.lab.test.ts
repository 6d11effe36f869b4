// From a bare server to a pair that fails over and back, as the README promises it.

import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {
  asOpenclaw,
  differences,
  eventNames,
  exposure,
  inHub,
  leaks,
  listing,
  manifestOf,
  monitorNow,
  sh,
  unitState,
  until,
} from './host-state.js';
import {layout} from '../../src/templates/layout.js';
import {IrcClient, type Answer} from './irc-client.js';
import {lab} from './lab.js';
import {before, removedWhole, type Before} from './removal.js';
import {said, type Ended, type Operator} from './operator.js';
import {
  bootPair,
  keepFinished,
  operatorOf,
  pairName,
  places,
  removePair,
  secrets,
  type LabPair,
} from './pair.js';
import {upgradeOlder} from './upgrade.js';

const gateway = 'openclaw.service';
const monitor = 'openclaw-health-monitor.service';
const measured = (what: string, value: string) => console.log(`measured: ${what}: ${value}`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

let pair: LabPair;
let operator: Operator;
let alice: IrcClient;
/** Both hosts before anything of ours was there. */
let was: Before;

beforeAll(async () => {
  pair = await bootPair({tree: 'primary-user'}, {tree: 'bookworm'});
  was = await before(pair);
  operator = await operatorOf(pair);
  alice = await IrcClient.connect();
});

afterAll(async () => {
  alice?.close();
  await operator?.leave();
  await removePair();
});

describe('a bare Debian 12 server becomes the standby of a running primary', () => {
  let finished: Ended;

  it('a dry run shows all six phases and writes nothing on the standby', async () => {
    const before = await listing(pair.standby);
    const ended = await operator.dryRun();
    expect(ended.code, said(ended)).toBe(0);
    const planned = ended.lines.filter(({type, status}) => type === 'phase' && status === 'planning');
    expect(planned.map(({phase}) => phase)).toEqual([
      'provision',
      'install',
      'config',
      'monitor',
      'disable',
      'test',
    ]);
    expect(planned.every(({changes}) => changes.length > 0)).toBe(true);
    expect(differences(before, await listing(pair.standby))).toEqual([]);
  });

  it('setup finishes, and its bot answers while the primary is down', async () => {
    const run = operator.start('setup', '--yes', '--json');
    const stopped = run.line(
      ({type, measure}) => type === 'measure' && measure.stage === 'primary stopped',
      400_000,
    );
    const answered = stopped.then(async (): Promise<Answer & {leaked: string[]}> => {
      const answer = await alice.ask('clawbak', {timeoutMs: 120_000, repeatMs: 1_000});
      if (!answer) throw new Error(`the standby's bot did not answer; setup said:\n${run.tail()}`);
      // While it runs, the gateway holds the secrets.
      return {...answer, leaked: await leaks(pair.standby, Object.values(secrets))};
    });
    const limit = setTimeout(() => run.kill(), 480_000);
    const [answer, ended] = await Promise.all([answered, run.ended]).finally(() => clearTimeout(limit));
    finished = ended;
    expect(finished.code, said(finished)).toBe(0);
    measured('setup from a bare server', seconds(finished.ms));
    for (const {measure} of finished.lines.filter(({type}) => type === 'measure')) {
      const promise =
        measure.expectedMs === undefined ? '' : `, expected at most ${seconds(measure.expectedMs)}`;
      measured(`phase 6, ${measure.stage}`, `${seconds(measure.ms)}${promise}`);
      if (measure.expectedMs !== undefined)
        expect.soft(measure.ms, measure.stage).toBeLessThanOrEqual(measure.expectedMs);
    }
    measured("from the primary's stop to the standby's first answer", seconds(answer.ms));
    expect(answer.leaked).toEqual([]);
    const {summary} = finished.lines.find(({type}) => type === 'done')!;
    expect(summary).toMatchObject({complete: true, nothingToDo: false, split: {state: 'disjoint'}});
    expect(summary.phases.map(({status}: {status: string}) => status)).toEqual(Array(6).fill('done'));
  });

  it("the primary's bot answers again, and the standby's has left", async () => {
    const answer = await alice.ask('clawmain', {timeoutMs: 60_000, repeatMs: 1_000});
    expect(answer?.text).toContain(answer?.nonce);
    expect(await alice.waitFor('clawbak', 'offline', 20_000)).toBeDefined();
  });

  it('the standby sleeps: its gateway is stopped and cannot be enabled, its monitor watches', async () => {
    expect(await unitState(pair.standby, gateway)).toEqual({active: 'inactive', enabled: 'static'});
    expect(await unitState(pair.standby, monitor)).toEqual({active: 'active', enabled: 'enabled'});
    expect(await monitorNow(pair.standby)).toMatchObject({state: 'watching', probe: 'ok'});
    const byHand = await pair.standby.exec(['systemctl', 'start', gateway]);
    expect(byHand.code).not.toBe(0);
    await sh(pair.standby, `systemctl reset-failed ${gateway}`);
  });

  it("the operator's word on the standby is heard: there is nothing to give back now", async () => {
    expect(await eventNames(pair.standby)).toContain('tested');
    const asked = await pair.standby.exec([layout.node, layout.monitorProgram, 'request', 'demote']);
    expect(asked.code, asked.stderr).toBe(0);
    await until('the monitor answers', 10_000, async () =>
      (await eventNames(pair.standby)).includes('failback-refused'),
    );
  });

  it('both services are sandboxed', async () => {
    const levels = {
      monitor: await exposure(pair.standby, monitor),
      gateway: await exposure(pair.standby, gateway),
    };
    measured('systemd-analyze security', `monitor ${levels.monitor}, gateway ${levels.gateway}`);
    expect(levels.monitor).toBeLessThanOrEqual(1.5);
    expect(levels.gateway).toBeLessThanOrEqual(2);
  });

  it('no secret is anywhere but in the one file for them', async () => {
    const texts = Object.values(secrets);
    expect(await leaks(pair.standby, texts)).toEqual([]);
    expect(await leaks(pair.primary, texts)).toEqual([]);
    const env = await sh(
      pair.standby,
      'stat -c "%a %U" /home/openclaw/.openclaw/.env; cat /home/openclaw/.openclaw/.env',
    );
    expect(env.split('\n')[0]).toBe('600 openclaw');
    for (const text of texts) expect(env).toContain(text);
    // The token that was made on the host never came to this machine.
    const token = /^FAILOVER_GATEWAY_TOKEN=(.+)$/m.exec(env)![1]!;
    for (const text of [...texts, token]) {
      expect(finished.stdout.includes(text) || finished.stderr.includes(text), 'the output of setup').toBe(
        false,
      );
      const holding = operator.files().filter((file) => file.text.includes(text));
      expect(holding.map(({path}) => path)).toEqual([]);
    }
    expect(
      operator
        .files()
        .map(({path}) => path.slice(operator.folder.length))
        .toSorted(),
    ).toEqual([
      `/config/failover-wizard/pairs/${pairName}/known_hosts`,
      `/config/failover-wizard/pairs/${pairName}/pair.json`,
      `/state/failover-wizard/${pairName}/audit.jsonl`,
    ]);
  });

  it('the monitor may ask the primary for its report, and its key is good for nothing else', async () => {
    const asMonitor = (command: string) => sh(pair.standby, `runuser -u ${layout.monitorUser} -- ${command}`);
    const answers = JSON.parse(await asMonitor(`${layout.node} ${layout.monitorProgram} ask`));
    expect(answers.asked).toMatchObject({
      kind: 'report',
      path: 'private',
      report: {unit: 'active', loopback: 'ok', listens: 'private'},
    });
    expect(answers.publicPath).toMatchObject({alive: true});
    measured('report of the primary', seconds(answers.asked.tookMs));
    const options = `-F none -i ${layout.interrogationKey} -o BatchMode=yes -o UserKnownHostsFile=${layout.interrogationKnownHosts} -o HostKeyAlias=openclaw-failover-primary`;
    const {interrogation} = JSON.parse(await sh(pair.standby, `cat ${layout.monitorSettings}`));
    const there = `${interrogation.user}@${interrogation.addresses[0].address}`;
    const printed = await asMonitor(`ssh ${options} ${there} cat /etc/passwd`);
    expect(JSON.parse(printed)).toHaveProperty('bootId');
  });

  it('every file of the manifests is there and says who wrote it', async () => {
    for (const host of [pair.standby, pair.primary]) {
      const {files, units, _} = await manifestOf(host);
      expect(_).toContain(`Written by failover-wizard`);
      expect(files.length).toBeGreaterThan(2);
      for (const {path, owner, group, mode, sha256} of files) {
        const [facts, hash, ...head] = (
          await sh(host, `stat -c '%U %G %a' ${path}; sha256sum <${path}; head -n 2 ${path}`)
        ).split('\n');
        expect(facts, path).toBe(`${owner} ${group} ${mode}`);
        expect(hash, path).toBe(`${sha256}  -`);
        expect(head.join('\n'), path).toContain(`Written by failover-wizard`);
        expect(head.join('\n'), path).toContain(
          `"${pairName}`.replace('"', path.endsWith('.json') ? '\\"' : '"'),
        );
      }
      for (const unit of units) expect((await unitState(host, unit)).enabled, unit).not.toBe('');
    }
  });

  it('a second run finds nothing to do, reads each host once and writes nothing', async () => {
    const hosts = [pair.standby, pair.primary];
    const folders = ['/etc', '/usr', '/opt', '/root', '/home'];
    const before = await Promise.all(hosts.map((host) => listing(host, folders)));
    const commands = operator.audit(pairName).length;
    const ended = await operator.setup(60_000);
    const after = await Promise.all(hosts.map((host) => listing(host, folders)));
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.lines.find(({type}) => type === 'done')!.summary).toMatchObject({
      nothingToDo: true,
      complete: true,
    });
    const ran = operator.audit(pairName).slice(commands);
    measured(
      'second run',
      `${seconds(ended.ms)}, remote commands: ${ran.map(({host, command}) => `${host} ${command.split('\n')[0]!.slice(0, 60)}`).join('; ')}`,
    );
    expect(ended.ms).toBeLessThanOrEqual(3_000);
    expect(ran.map(({host}) => host).toSorted()).toEqual(['primary', 'standby']);
    for (const [index, one] of before.entries()) expect(differences(one, after[index]!)).toEqual([]);
  });

  it('both disks are kept for the tests that begin with a finished pair', async () => {
    await keepFinished(pair);
    await until('the monitor is at rest', 60_000, async () => {
      const now = await monitorNow(pair.standby);
      return now?.state === 'watching' && now.probe === 'ok';
    });
    expect(
      await eventNames(pair.standby).then((names) => names.filter((name) => name === 'promoted').length),
    ).toBe(1);
  });

  it('takes over in a real outage, gives back, and keeps what was written meanwhile', async () => {
    expect(await alice.waitFor('clawmain', 'online', 60_000)).toBeDefined();
    const stop = await asOpenclaw(pair.primary, 'systemctl --user stop openclaw-gateway');
    expect(stop.code, stop.stderr).toBe(0);
    const answer = await alice.ask('clawbak', {timeoutMs: 150_000, repeatMs: 1_000});
    expect(answer?.text).toContain(answer?.nonce);
    measured("outage: from the primary's stop to the standby's first answer", seconds(answer!.ms));

    const note = `/home/openclaw/.openclaw/workspace/written-while-active.md`;
    const wrote = await asOpenclaw(pair.standby, `echo 'kept from the outage' >${note}`);
    expect(wrote.code, wrote.stderr).toBe(0);
    const start = await asOpenclaw(pair.primary, 'systemctl --user start openclaw-gateway');
    expect(start.code, start.stderr).toBe(0);
    const returned = performance.now();
    const back = await alice.waitFor('clawmain', 'online', 60_000);
    const gone = await until(
      "the standby's bot leaves",
      240_000,
      async () => !(await alice.online('clawbak')).has('clawbak'),
    ).then(() => performance.now() - returned);
    measured(
      'outage: primary started → its bot is back / standby has left',
      `${seconds(back ?? NaN)} / ${seconds(gone)}`,
    );
    // Setup's own test, a few minutes ago, does not count: this is the first takeover of the monitor's window.
    expect(await eventNames(pair.standby)).not.toContain('latched');
    await until(
      "the standby's gateway is stopped",
      60_000,
      async () => (await unitState(pair.standby, gateway)).active === 'inactive',
    );

    const branch = await until(
      'a hand-back branch on the remote',
      60_000,
      async () =>
        (await inHub(
          lab.hub,
          places.repository,
          'for-each-ref',
          '--format=%(refname:short)',
          'refs/heads/failover/',
        )) || undefined,
    );
    expect(branch).toMatch(/^failover\/claw-backup\/\d{8}T\d{6}Z$/);
    expect(await inHub(lab.hub, places.repository, 'show', `${branch}:written-while-active.md`)).toBe(
      'kept from the outage',
    );
    const status = await asOpenclaw(
      pair.standby,
      'cd /home/openclaw/.openclaw/workspace && git status --porcelain --branch',
    );
    expect(status.stdout).toMatch(/^## main\.\.\.origin\/main\n$/);
  });

  it('a reboot of the sleeping standby changes nothing: its monitor watches again', async () => {
    await sh(pair.standby, 'touch /run/before-the-reboot');
    await pair.standby.exec(['systemctl', 'reboot']);
    const started = performance.now();
    await sleep(1_000);
    await until('the monitor watches after the reboot', 90_000, async () => {
      const gone = await pair.standby.exec(['test', '!', '-e', '/run/before-the-reboot']);
      const now = gone.code === 0 ? await monitorNow(pair.standby).catch(() => undefined) : undefined;
      return now?.state === 'watching' && now.probe === 'ok';
    });
    measured('reboot of the standby until its monitor watches', seconds(performance.now() - started));
    expect(await unitState(pair.standby, gateway)).toEqual({active: 'inactive', enabled: 'static'});
    expect((await alice.online('clawbak')).has('clawbak')).toBe(false);
  });

  it('an older monitor is brought up to date: one short moment without it, and no role changes', async () => {
    const ms = await upgradeOlder(pair, operator);
    measured('upgrade of the monitor, nobody watched', seconds(ms));
  });
});

describe('check looks at the finished pair and changes nothing', () => {
  const unit = `/etc/systemd/system/${gateway}`;
  const check = async () => {
    const ended = await operator.run(['check', '--json'], 60_000);
    return {...ended, report: JSON.parse(ended.stdout) as Record<string, any>};
  };

  it('all is well, and neither host was written to', async () => {
    const hosts = [pair.standby, pair.primary];
    const before = await Promise.all(hosts.map((host) => listing(host)));
    const ended = await check();
    const after = await Promise.all(hosts.map((host) => listing(host)));
    measured('check', seconds(ended.ms));
    expect(ended.code, said(ended)).toBe(0);
    const {report} = ended;
    expect(report).toMatchObject({
      exit: 0,
      verdict: {state: 'protected'},
      changes: {known: true, count: 0},
      drift: {primary: {items: [], unnoted: []}, standby: {items: [], unnoted: []}},
    });
    expect(report['checks'].length).toBeGreaterThan(30);
    expect(new Set(report['checks'].map(({level}: {level: string}) => level))).toEqual(
      new Set(['ok', 'tip']),
    );
    // The outage has left a branch that nobody has merged.
    expect(report['checks'].find(({id}: {id: string}) => id === 'hand-back')).toMatchObject({level: 'tip'});
    for (const [index, one] of before.entries()) expect(differences(one, after[index]!)).toEqual([]);
  });

  it('a unit that was edited by hand is told, and the next setup mends it', async () => {
    await sh(pair.standby, `echo '# by hand' >>${unit} && systemctl daemon-reload`);
    const edited = await check();
    expect(edited.code, said(edited)).toBe(3);
    expect(edited.report['drift'].standby.items).toMatchObject([{kind: 'changed', what: unit}]);
    const since = Date.parse(edited.report['drift'].standby.items[0].changedAt);
    expect(Math.abs(since - Date.now())).toBeLessThan(60_000);
    const changes = edited.report['changes'].phases.flatMap((phase: any) => phase.changes);
    expect(changes).toMatchObject([{id: `standby:file:${unit}`, because: 'changed'}]);

    const mended = await operator.setup(60_000);
    expect(mended.code, said(mended)).toBe(0);
    const again = await check();
    expect(again.code, said(again)).toBe(0);
  });

  it('what systemctl edit made is told, and is the hand of somebody that setup leaves alone', async () => {
    const folder = `/etc/systemd/system/${monitor}.d`;
    await sh(
      pair.standby,
      `mkdir ${folder}; echo '[Service]' >${folder}/override.conf; systemctl daemon-reload`,
    );
    const edited = await check();
    expect(edited.code, said(edited)).toBe(3);
    expect(edited.report['drift'].standby.items).toMatchObject([
      {kind: 'drop-in', what: `${folder}/override.conf`},
    ]);
    expect(edited.report['changes']).toMatchObject({count: 0});
    await sh(pair.standby, `systemctl revert ${monitor}`);
  });

  it('a primary that does not answer hides nothing of the standby', async () => {
    await pair.primary.cut();
    const ended = await check().finally(() => pair.primary.heal());
    expect(ended.code, said(ended)).toBe(4);
    const {changes, drift, checks} = ended.report;
    expect(changes).toMatchObject({known: false, host: 'primary'});
    expect(drift).toMatchObject({primary: {known: false}, standby: {known: true, items: []}});
    const of = (host: string) => checks.filter((one: {host?: string}) => one.host === host);
    expect(of('primary').every(({level}: {level: string}) => level === 'unknown')).toBe(true);
    expect(of('standby').every(({level}: {level: string}) => level === 'ok' || level === 'tip')).toBe(true);
  });
});

describe('the pair is taken apart', () => {
  it('remove leaves both hosts as they were, and the primary has both of its bots again', async () => {
    const {ms} = await removedWhole(pair, operator, was);
    measured('remove, both hosts', seconds(ms));
    for (const nick of ['clawmain', 'clawbak']) {
      const answer = await alice.ask(nick, {timeoutMs: 60_000, repeatMs: 1_000});
      expect(answer?.text, nick).toContain(answer?.nonce);
    }
  });
});
