import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {RemoveEvent} from '../../src/remove/events.js';
import {deadMen} from '../../src/remove/footprint.js';
import type {RemovalReading} from '../../src/remove/read.js';
import type {Removal} from '../../src/remove/removal.js';
import {runRemoval} from '../../src/remove/run.js';
import type {RemovalChange} from '../../src/plan/kinds/index.js';
import type {Host, HostName, Ran} from '../../src/ssh/host.js';
import {layout} from '../../src/templates/layout.js';
import {isOwnUnit} from '../../src/templates/ours.js';
import {footprintOf, givenAway, removalOf, standbyManifest} from './footprints.js';

let state: string;
const before = process.env.XDG_STATE_HOME;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'state-'));
  process.env.XDG_STATE_HOME = state;
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  rmSync(state, {recursive: true, force: true});
});

/** Two hosts as data: what is read is what was not removed yet. */
class Model {
  readonly ran: string[] = [];
  readonly applied: string[] = [];
  readonly events: RemoveEvent[] = [];
  readonly stop = new AbortController();
  reading: Required<RemovalReading> = {
    standby: {
      footprint: footprintOf('standby'),
      manifest: standbyManifest,
      monitor: {state: 'watching', probe: 'ok'},
      asleep: false,
      work: {commits: [], files: [], others: []},
    },
    primary: {
      footprint: footprintOf('primary'),
      manifest: undefined,
      facts: givenAway(),
      traces: {backups: [], notes: [], serve: undefined},
      health: 'ready',
    },
  };
  /** Called after each change. */
  after: (change: RemovalChange) => void = () => {};

  host(name: HostName): Host {
    const ran = async (what: string): Promise<Ran> => {
      this.ran.push(`${name}: ${what}`);
      const stdout = what.startsWith('take the lock')
        ? 'taken\n'
        : what.startsWith('openclaw channels status')
          ? '{"channelAccounts": {"irc": [{"accountId": "backup", "running": true, "connected": true}]}}'
          : '';
      return {code: 0, timedOut: false, stdout, stderr: '', tookMs: 0};
    };
    return {
      name,
      target: name,
      run: (argv, options) => ran(options?.label ?? argv.join(' ')),
      script: ({label}) => ran(label),
      read: async () => undefined,
      write: async () => {},
      follow: async function* () {},
      close: async () => {},
    };
  }

  apply(change: RemovalChange): void {
    this.applied.push(change.id);
    const {footprint} = this.reading[change.host];
    if (change.kind === 'units-off')
      footprint.units = footprint.units.map((one) =>
        change.units.includes(one.unit) ? {...one, active: 'inactive', enabled: 'static'} : one,
      );
    if (change.kind === 'remove-paths') {
      footprint.paths = footprint.paths.filter(({path}) => !change.paths.includes(path));
      if (change.reload) footprint.units = footprint.units.filter(({unit}) => !isOwnUnit(change.host, unit));
    }
    if (change.kind === 'remove-user')
      footprint.users = footprint.users.filter(({user}) => user !== change.user);
    if (change.kind === 'script') footprint.lines = [];
    const {accounts} = this.reading.primary.facts;
    if (change.kind === 'config-patch' && accounts.known) {
      for (const one of accounts.accounts) one.enabled = true;
      // Each edit keeps a copy of what was before.
      this.reading.primary.traces.backups.push(
        '/home/openclaw/.openclaw/openclaw.json.failover-backup-20261127T000000Z',
      );
    }
    if (change.id === 'primary:backups') this.reading.primary.traces.backups = [];
    this.after(change);
  }

  run(differing: Partial<Removal> = {}): Promise<number> {
    const {pair, choices} = removalOf();
    const removal: Removal = {
      pair,
      choices,
      hosts: {primary: this.host('primary'), standby: this.host('standby')},
      only: undefined,
      allowSilence: false,
      discardWork: false,
      drillHere: false,
      breakLock: false,
      accountsProgram: '',
      read: async (hosts) => ({
        ...(hosts.standby && {standby: structuredClone(this.reading.standby)}),
        ...(hosts.primary && {primary: structuredClone(this.reading.primary)}),
      }),
      apply: async (change) => this.apply(change),
      ...differing,
    };
    const {signal} = new AbortController();
    return runRemoval(removal, {
      stop: this.stop.signal,
      force: signal,
      emit: (event) => void this.events.push(event),
    });
  }
}

describe('a removal', () => {
  it('goes from the standby to the primary, and ends with nothing left', async () => {
    const model = new Model();
    model.reading.primary.facts.gateway = {known: false, reason: 'nobody is asked for the channel here'};
    model.reading.primary.traces.backups = [];
    const done = await model.run({choices: {restoreChannel: false, keepUser: false, alsoHardening: false}});
    expect(done).toBe(model.applied.length);
    expect(model.applied[0]).toBe('standby:units-off');
    expect(model.applied.at(-1)).toBe('primary:etc');
  });

  it('holds the lock of both hosts meanwhile, the standby first, and gives them back', async () => {
    const model = new Model();
    await model.run();
    const locks = model.ran.filter((line) => line.includes('the lock'));
    expect(locks.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'standby: take',
      'primary: take',
      'standby: release',
      'primary: release',
    ]);
  });

  it('enables the channel only with the standby silent, and takes away the copy that the edit left', async () => {
    const model = new Model();
    await model.run();
    const at = (id: string) => model.applied.indexOf(id);
    expect(at('primary:config-patch:irc:backup')).toBeGreaterThan(at('standby:units'));
    expect(at('primary:backups')).toBeGreaterThan(at('primary:config-patch:irc:backup'));
  });

  it('never enables it while a process of the standby may log it in', async () => {
    const model = new Model();
    model.after = () => {
      model.reading.standby.footprint.processes = [{pid: 812, command: 'node /opt/openclaw gateway'}];
    };
    await expect(model.run()).rejects.toMatchObject({
      exit: 5,
      message: expect.stringContaining('process 812'),
    });
    expect(model.applied).toEqual(['standby:units-off', 'standby:units']);
  });

  it.each([
    ['the standby is not to be changed and lives', {only: 'primary' as const}],
    ['its unit is there although it does not run', {only: 'primary' as const}],
  ])('nor while %s', async (name, differing) => {
    const model = new Model();
    if (name.startsWith('its'))
      model.reading.standby.footprint.units = model.reading.standby.footprint.units.map((one) => ({
        ...one,
        active: 'inactive',
      }));
    await expect(model.run(differing)).rejects.toMatchObject({exit: 5});
    expect(model.applied).toEqual([]);
  });

  it('a standby that is gone for good keeps nothing from it', async () => {
    const model = new Model();
    await model.run({only: 'primary', hosts: {primary: model.host('primary')}});
    expect(model.applied[0]).toBe('primary:config-patch:irc:backup');
    expect(model.applied.every((id) => id.startsWith('primary:'))).toBe(true);
  });

  it.each([
    'standby:units-off',
    'standby:units',
    'primary:config-patch:irc:backup',
    'standby:paths',
    'standby:user:openclaw',
    'standby:etc',
    'primary:paths',
  ])('cut off after %s, it goes on, and does nothing twice', async (last) => {
    const model = new Model();
    model.after = ({id}) => {
      if (id === last) throw new Error('cut off');
    };
    await expect(model.run()).rejects.toThrow('cut off');
    model.after = () => {};
    await model.run();
    expect(new Set(model.applied).size).toBe(model.applied.length);
    expect(model.applied.at(-1)).toBe('primary:etc');
    expect(await model.run()).toBe(0);
  });

  it('ends after the step in hand when it is asked to', async () => {
    const model = new Model();
    model.after = () => model.stop.abort();
    await expect(model.run()).rejects.toMatchObject({exit: 130});
    expect(model.applied).toEqual(['standby:units-off']);
  });

  it('stops for work that was written until the standby fell silent', async () => {
    const model = new Model();
    model.after = () => {
      model.reading.standby.work.files = ['workspace: ?? new.md'];
    };
    await expect(model.run()).rejects.toMatchObject({detail: expect.stringContaining('?? new.md')});
    expect(model.applied).toEqual(['standby:units-off', 'standby:units']);
    expect(model.reading.standby.footprint.users).toHaveLength(2);
  });

  it.each([
    ['it may go', {discardWork: true}],
    ['the user stays', {choices: {restoreChannel: false, keepUser: true, alsoHardening: false}}],
  ])('work is no hindrance where %s', async (_name, differing) => {
    const model = new Model();
    model.reading.standby.work.commits = ['workspace: 1a2b3c4 kept'];
    await model.run(differing);
    const gone = model.applied.includes('standby:user:openclaw');
    expect(gone).toBe('discardWork' in differing);
  });

  it('looks at safety once more when it has the locks', async () => {
    const model = new Model();
    model.reading.primary.health = 'down';
    model.reading.standby.monitor = {state: 'promoting', probe: 'refused'};
    await expect(model.run()).rejects.toThrow('the only voice');
    expect(model.applied).toEqual([]);
  });

  it('settles an edit of the config that was cut off before anything else', async () => {
    const model = new Model();
    model.reading.primary.footprint.units.push({
      unit: deadMen.edit,
      load: 'loaded',
      active: 'active',
      enabled: '',
    });
    await model.run();
    expect(model.ran).toContain('primary: systemctl start openclaw-failover-config-undo.service');
  });

  it('says what is still there when something puts it back', async () => {
    const model = new Model();
    model.after = ({id}) => {
      if (id === 'standby:etc')
        model.reading.standby.footprint.paths.push({path: layout.lib, kind: 'folder', ours: false});
    };
    await expect(model.run()).rejects.toMatchObject({
      message: expect.stringContaining('still there'),
      detail: expect.stringContaining(layout.lib),
    });
  });
});
