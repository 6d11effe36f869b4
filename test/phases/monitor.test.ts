import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {monitor} from '../../src/phases/4-monitor.js';
import {appliedHash, wantUnit} from '../../src/phases/wants.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {Secret} from '../../src/secret.js';
import {appliedStamp, enabledUnits, layout, units} from '../../src/templates/layout.js';
import {primaryPaths, standbyPaths} from '../../src/templates/paths.js';
import {applyToFacts} from './apply-to-facts.js';
import {planInputOf} from './facts.js';

const plan = (input: PlanInput) => [...monitor.plan(input)];
const unitIds = (input: PlanInput) =>
  plan(input)
    .filter(({kind}) => kind === 'unit')
    .map(({id}) => id.replace('standby:unit:', ''));
/** Applies a plan up to a change, as a run that is cut there. */
function applyUntil(input: PlanInput, cut: (id: string) => boolean): void {
  for (const change of plan(input)) {
    if (cut(change.id)) return;
    applyToFacts(change, input);
  }
}
function installed(): PlanInput {
  const input = planInputOf({answers: {secretsSync: {host: 'keeper@100.64.0.30', allow: ['a.env']}}});
  applyUntil(input, () => false);
  return input;
}

describe('phase 4', () => {
  it('ends in nothing to do once it is applied', () => expect(plan(installed())).toEqual([]));
  it.each(enabledUnits)(
    'cut between the files and the restart of %s, restarts it in the next run',
    (unit) => {
      const input = installed();
      input.version = '0.2.0';
      applyUntil(input, (id) => id === `standby:unit:${unit}`);
      const [left] = plan(input).filter(({id}) => id === `standby:unit:${unit}`);
      expect(left).toMatchObject({
        kind: 'unit',
        restart: true,
        applied: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      applyUntil(input, () => false);
      expect(plan(input)).toEqual([]);
    },
  );
  it('restarts the monitor whose program was written over and put back, though its note was right', () => {
    const input = installed();
    const programs = input.programs;
    input.programs = {...programs, monitor: '// another\n'};
    applyUntil(input, (id) => id.startsWith('standby:unit:'));
    input.programs = programs;
    applyUntil(input, (id) => id.startsWith('standby:unit:'));
    expect(unitIds(input)).toEqual([units.monitor]);
  });
  it('restarts only the unit whose files differ', () => {
    const input = installed();
    input.programs = {...input.programs, monitor: '// new\n'};
    expect(unitIds(input)).toEqual([units.monitor]);
  });
  it('has systemd read a unit again whose file is newer', () => {
    const input = installed();
    input.standby.units[units.gateway] = {...input.standby.units[units.monitor]!, needDaemonReload: true};
    expect(unitIds(input)).toEqual([units.gateway]);
    applyUntil(input, () => false);
    expect(plan(input)).toEqual([]);
  });
});

/** The calls of systemctl of a script on a host that has these files. */
function ranOn(files: Record<string, string>, script: string): string[] {
  const root = mkdtempSync(path.join(tmpdir(), 'monitor-'));
  const put = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
    writeFileSync(path.join(root, name), text, {mode: 0o755});
  };
  put('/bin/systemctl', `#!/bin/sh\necho "$*" >>${root}/calls\n`);
  put('/calls', '');
  for (const [name, text] of Object.entries(files)) put(name, `${text}\n`);
  const moved = script.replaceAll(/(?<=[ <])\/(run|etc|var)\//g, `${root}/$1/`);
  const ran = spawnSync('sh', ['-c', moved], {
    env: {PATH: `${root}/bin:${process.env['PATH']}`},
    encoding: 'utf8',
  });
  const calls = readFileSync(path.join(root, 'calls'), 'utf8').split('\n').filter(Boolean);
  rmSync(root, {recursive: true});
  expect(ran).toMatchObject({status: 0, stderr: ''});
  return calls;
}

describe('a warm standby', () => {
  const warm = () => {
    const input = planInputOf({answers: {monitor: {standby: 'warm'}}});
    applyUntil(input, () => false);
    return input;
  };
  const asleep = 'standby:sleeping-gateway';
  const ends = 'standby:no-sleeping-gateway';

  it('keeps its gateway asleep, and ends in nothing to do', () => {
    const before = planInputOf({answers: {monitor: {standby: 'warm'}}});
    const ids = plan(before).map(({id}) => id);
    expect(ids).toContain(`standby:unit:${units.warmTimer}`);
    expect(ids.indexOf(asleep)).toBeGreaterThan(ids.indexOf(`standby:unit:${units.monitor}`));
    expect(plan(warm())).toEqual([]);
  });
  it('starts it anew when the config, the plugin or the unit are others', () => {
    const input = warm();
    input.standby.plugins = {...input.standby.plugins, irc: '0.0.1'};
    expect(plan(input).map(({id}) => id)).toEqual([asleep]);
    applyUntil(input, () => false);
    input.pair.channel.settings = {...input.pair.channel.settings, nick: 'another'};
    expect(plan(input).map(({id}) => id)).toEqual([asleep]);
  });
  it('that becomes cold again gives up the timer, and then the gateway, before the monitor is a cold one', () => {
    const input = warm();
    input.pair.monitor.standby = 'cold';
    const ids = plan(input).map(({id}) => id);
    const order = [`standby:unit:${units.warmTimer}`, ends, `standby:unit:${units.monitor}`];
    expect(ids.filter((id) => order.includes(id))).toEqual(order);
    const [timer] = plan(input).filter(({id}) => id === `standby:unit:${units.warmTimer}`);
    expect(timer).toMatchObject({enabled: false, active: false});
    applyUntil(input, () => false);
    expect(plan(input)).toEqual([]);
    input.pair.monitor.standby = 'warm';
    expect(plan(input).map(({id}) => id)).toContain(asleep);
  });
  it.each([
    ['asleep, it is stopped', 'standby 4', 'asleep', [`stop ${units.gateway}`]],
    ['in a takeover it goes on', 'active 5', 'active', []],
    ['in one that has just begun too', 'active 5', 'asleep', []],
    ['awake, it is the monitor that ends it', 'standby 6', 'active', []],
  ])('that becomes cold: %s', (_, wish, as, calls) => {
    const input = warm();
    input.pair.monitor.standby = 'cold';
    const change = plan(input).find(({id}) => id === ends);
    if (change?.kind !== 'script') throw new Error('nothing stops it');
    expect(ranOn({[layout.role]: wish, [layout.runsAs]: as}, change.script.text)).toEqual(calls);
  });
  it('is nothing that a cold one hears of', () => {
    const ids = plan(planInputOf()).map(({id}) => id);
    expect(ids).not.toContain(`standby:unit:${units.warmTimer}`);
    expect(ids).not.toContain(asleep);
  });
});

describe('what a unit was started with', () => {
  it('is read on both hosts', () => {
    expect(standbyPaths()).toEqual(
      expect.arrayContaining([...enabledUnits, 'fail2ban.service'].map((unit) => appliedStamp(unit))),
    );
    expect(primaryPaths()).toContain(appliedStamp(units.pushTimer));
  });
  it('changes with any of its files, and not with their order of bytes between them', () => {
    const file = (path: string, content: string) => ({
      path,
      content,
      owner: 'root',
      group: 'root',
      mode: 0o644,
    });
    expect(appliedHash([file('/a', 'bc')])).not.toBe(appliedHash([file('/ab', 'c')]));
    expect(appliedHash([file('/a', 'b')])).not.toBe(appliedHash([file('/a', 'c')]));
  });
  it('is not noted for a unit that ran before and is not restarted', () => {
    const input = installed();
    const facts = input.standby;
    facts.units[units.monitor]!.unitFileState = 'disabled';
    facts.files[appliedStamp(units.monitor)]!.content = 'same\n';
    const [change] = [...wantUnit(facts, units.monitor, {enabled: true, active: true, applied: 'same'}, 'x')];
    expect(change).not.toHaveProperty('applied');
    expect(change).not.toHaveProperty('restart');
  });
});

describe('who is told', () => {
  const hook = 'https://hooks.example.org/T0/S3CRET';
  function told(secrets: PlanInput['secrets'] = {FAILOVER_NOTIFY_WEBHOOK_URL: new Secret(hook)}): PlanInput {
    const input = installed();
    const notify = [{kind: 'webhook' as const, url: {env: 'HOOK'}, level: 'alert' as const}];
    return {...input, pair: {...input.pair, notify}, secrets};
  }
  const ids = (input: PlanInput) => plan(input).map(({id}) => id);

  it('is written without a restart of the monitor, then tried once', () => {
    const input = told();
    expect(ids(input)).toEqual([
      `standby:file:${layout.notifySettings}`,
      `standby:env-file:${layout.notifySecrets}`,
      // It notes what was written.
      `standby:file:${layout.manifest}`,
      'standby:proof:notify',
    ]);
    applyUntil(input, () => false);
    expect(plan(input)).toEqual([]);
  });
  it('no secret is in the settings, and the file with the secrets is for root and the monitor', () => {
    const [settings, env] = plan(told());
    expect(JSON.stringify(settings)).toContain('FAILOVER_NOTIFY_WEBHOOK_URL');
    expect(JSON.stringify(plan(told()))).not.toContain('S3CRET');
    expect(env).toMatchObject({owner: 'root', group: layout.monitorUser, mode: 0o640, proofs: ['notify']});
  });
  it('a secret that this run does not supply counts as right while the standby has it', () => {
    const input = told();
    applyUntil(input, () => false);
    expect(plan({...input, secrets: {}})).toEqual([]);
    expect(monitor.findings?.({...input, secrets: {}})).toEqual([]);
    expect(ids({...input, secrets: {FAILOVER_NOTIFY_WEBHOOK_URL: new Secret(`${hook}2`)}})).toContain(
      `standby:env-file:${layout.notifySecrets}`,
    );
  });
  it('one that nobody has blocks', () => {
    expect(monitor.findings?.(told({}))).toMatchObject([{id: 'notify-secrets', level: 'blocks'}]);
  });
  it('nobody any more takes the secret from the host', () => {
    const input = told();
    applyUntil(input, () => false);
    const nobody = {...input, pair: {...input.pair, notify: []}};
    expect(plan(nobody)).toMatchObject([
      {id: `standby:file:${layout.notifySettings}`},
      {id: `standby:env-file:${layout.notifySecrets}:unused`, drop: ['FAILOVER_NOTIFY_WEBHOOK_URL']},
      {id: `standby:file:${layout.manifest}`},
    ]);
  });
});
