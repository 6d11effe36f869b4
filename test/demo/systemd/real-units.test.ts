import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterEach, describe, expect, test} from 'vitest';
import {unknownKeys} from '../../../src/demo/systemd/keys.js';
import {serveBus, type Bus} from '../../../src/demo/systemd/server.js';
import {Service} from '../../../src/demo/systemd/service.js';
import {UnitText} from '../../../src/demo/systemd/unit-text.js';
import {unitsOf} from '../../../src/drill/schedule/units.js';
import {pairSchema} from '../../../src/pair/schema.js';
import {layout, units} from '../../../src/templates/layout.js';
import {monitorSettings} from '../../../src/templates/monitor-settings.js';
import {standbyFiles} from '../../../src/templates/standby-files.js';
import {below, contentOf, origin, pair, primary, standby} from '../../templates/given.js';
import {TestHost} from './host.js';

const warm = standbyFiles({
  ...origin,
  settings: monitorSettings(pairSchema.parse({...pair, monitor: {standby: 'warm'}}), {
    primary: {address: '100.64.0.11', port: 18789},
  }),
  branch: 'main',
  programs: {monitor: '', accounts: ''},
});
const isUnit = ({path}: {path: string}) => path.startsWith('/etc/systemd/system/');
const files = [...standby, ...primary, ...warm]
  .filter(isUnit)
  .map(({path, content}) => ({path, text: String(content)}));
const schedule = unitsOf(
  {
    kind: 'run',
    pair: 'default',
    when: {day: {on: 'weekday', weekday: 6, nth: 1}, minute: 210},
    argv: ['/usr/bin/fw', 'drill'],
    env: {A: 'b c'},
  },
  '1.2.3',
).map(({name, text}) => ({path: `/etc/systemd/user/${name}`, text}));
const openclaws = {
  path: '/home/openclaw/.config/systemd/user/openclaw-gateway.service',
  text: readFileSync(
    fileURLToPath(new URL('../../lab/files/openclaw-gateway.service', import.meta.url)),
    'utf8',
  ),
};

let host: TestHost | undefined;
let server: Bus | undefined;
afterEach(async () => {
  await server?.close();
  await host?.end();
  host = undefined;
  server = undefined;
});

test.each([...files, ...schedule, openclaws])('every key of $path means something', ({text}) => {
  const parsed = new UnitText(text);
  expect(parsed.keys().length).toBeGreaterThan(2);
  expect(unknownKeys(parsed.keys())).toEqual([]);
});

test('a key that means nothing is told', async () => {
  expect(
    unknownKeys(new UnitText('[Service]\nExecStart=/bin/true\nRestrat=always\n[Sevrice]\nUser=x\n').keys()),
  ).toEqual(['Service.Restrat', 'Sevrice.User']);
  host = new TestHost();
  await host.systemd.boot();
  host.service('a', ['Restrat=always'], 'exit 0');
  await host.ctl('start', 'a');
  expect((await host.ask('journalctl', ['-o', 'cat'])).stdout).toContain(
    "/etc/systemd/system/a.service: Unknown key name 'Restrat' in section 'Service', ignoring.",
  );
});

describe('the standby as setup writes it', () => {
  /** Where its commands are reached; the programs are scripts of this test. */
  async function booted(programs: Readonly<Record<string, string>>): Promise<TestHost> {
    const made = new TestHost();
    host = made;
    for (const {path, content} of standby) if (isUnit({path})) made.file(path, String(content));
    for (const {path} of standby) {
      if (path.startsWith(layout.lib) && !path.endsWith('.mjs'))
        made.file(path, '#!/bin/sh\nexit 0\n', 0o755);
    }
    for (const [path, text] of Object.entries(programs)) made.file(path, `#!/bin/sh\n${text}\n`, 0o755);
    await made.systemd.boot({upForS: 3600});
    return made;
  }

  test('every unit is read as it was meant', async () => {
    const made = await booted({});
    for (const {path} of standby.filter(isUnit)) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await made.get(path.split('/').at(-1)!, 'LoadState')).toBe('loaded');
    }
    const told = async (unit: string, names: string) =>
      (await made.ctl('show', '-p', names, unit)).split('\n');
    const times = 'RestartUSec,TimeoutStartUSec,TimeoutStopUSec,WatchdogUSec';
    expect(await told(units.monitor, `Type,Restart,NotifyAccess,User,${times}`)).toEqual([
      'Type=notify',
      'Restart=always',
      'NotifyAccess=all',
      'RestartUSec=1s',
      'TimeoutStartUSec=30s',
      'TimeoutStopUSec=10s',
      'WatchdogUSec=30s',
      'User=openclaw-monitor',
    ]);
    expect(await told(units.gateway, 'Type,Restart,TimeoutStopUSec,KillMode,UnitFileState')).toEqual([
      'Type=exec',
      'Restart=no',
      'TimeoutStopUSec=5min 30s',
      'KillMode=mixed',
      'UnitFileState=static',
    ]);
    expect(await made.get(units.rolePath, 'UnitFileState')).toBe('disabled');
  });

  /** The commands of the host, and the role script as setup writes it, at the places of this test. */
  async function withCommands(programs: Readonly<Record<string, string>>): Promise<TestHost> {
    const client = fileURLToPath(new URL('../../../src/demo/systemd/client.ts', import.meta.url));
    const socket = `/tmp/sdr-${process.pid}`;
    const command = (name: string) => `exec ${process.execPath} ${client} ${socket} ${name} "$@"`;
    const made = await booted({
      '/bin/systemctl': command('systemctl'),
      '/bin/journalctl': command('journalctl'),
      [layout.node]: `case "$*" in
  *'monitor.mjs run') ${process.execPath} ${client} ${socket} systemd-notify --ready; exec sleep 1000 ;;
  *' gateway' | *'monitor.mjs verify') exec sleep 1000 ;;
esac`,
      ...programs,
    });
    const role = below(made.root, contentOf(standby, `${layout.lib}/role`));
    made.file(`${layout.lib}/role`, role, 0o755);
    server = await serveBus(made.systemd, socket);
    await made.ctl('enable', '-q', units.monitor);
    expect(await made.ask('systemctl', ['start', units.monitor])).toMatchObject({code: 0, stderr: ''});
    expect(await made.ctl('is-active', units.rolePath)).toBe('active');
    expect(made.has(layout.state) && made.has(layout.run)).toBe(true);
    return made;
  }

  test('a wish of the monitor starts the gateway and what watches it; the next one ends both', async () => {
    const made = await withCommands({});
    made.file(layout.role, 'active 1\n');
    await made.untilFile(layout.handled, 'active 1 0\n');
    expect(await made.ctl('is-active', units.gateway)).toBe('active');
    await made.until(units.verify, 'ActiveState', 'active');
    made.file(layout.role, 'standby 2\n');
    await made.untilFile(layout.handled, 'standby 2 0\n');
    const states = await made.ctl('is-active', units.gateway, units.verify);
    expect(states).toBe('inactive\ninactive');
    expect(await made.get(units.gateway, 'Result')).toBe('success');
    await made.until(units.role, 'ActiveState', 'inactive');
    // What was handed back is pushed.
    const said = await made.ask('journalctl', ['-u', units.handback, '-u', units.handbackPush, '-o', 'cat']);
    expect(said.stdout.match(/^Finished /gm)).toHaveLength(2);
    const service = made.systemd.unit(units.role);
    expect(service instanceof Service && service.text.startMs).toBe(450_000);
  });

  test('a guard that refuses is told to the monitor in its own words', async () => {
    const made = await withCommands({[`${layout.lib}/role-guard`]: 'echo "Only for the test." >&2; exit 1'});
    made.file(layout.role, 'active 7\n');
    await made.untilFile(layout.handled, 'active 7 1\n');
    expect(made.read(layout.handledWhy)).toBe('7 Only for the test.\n');
    expect(await made.ctl('show', '-p', 'ActiveState,Result', units.gateway)).toBe(
      'Result=exit-code\nActiveState=failed',
    );
    expect(await made.ctl('is-active', units.verify)).toBe('inactive');
  });

  test('a gateway that has to be killed is told so', async () => {
    const made = await withCommands({});
    const unit = `/etc/systemd/system/${units.gateway}`;
    made.file(unit, made.read(unit).replace('TimeoutStopSec=330', 'TimeoutStopSec=300ms'));
    await made.ctl('daemon-reload');
    const node = made.read(layout.node);
    made.file(
      layout.node,
      node.replace("*' gateway' |", "*' gateway') trap '' TERM; while :; do sleep 0.1; done ;;\n "),
      0o755,
    );
    made.file(layout.role, 'active 1\n');
    await made.untilFile(layout.handled, 'active 1 0\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    made.file(layout.role, 'standby 2\n');
    await made.untilFile(layout.handled, 'standby 2 0\n');
    expect(made.read(layout.handledWhy)).toBe('2 it had to be killed\n');
  });
});
