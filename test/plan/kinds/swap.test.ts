import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Abort} from '../../../src/errors.js';
import type {SwapChange, UnitChange} from '../../../src/plan/change.js';
import {swap} from '../../../src/plan/kinds/swap.js';
import {appliedStamp, layout, units} from '../../../src/templates/layout.js';
import {contextOf, localHost} from '../local-host.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'failover-swap-'));
  for (const folder of [layout.run, layout.applied, layout.lib, '/etc/systemd/system', '/bin'])
    mkdirSync(below(folder), {recursive: true});
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const below = (path: string) => join(root, path);
const put = (path: string, text: string) => writeFileSync(below(path), text);
const text = (path: string) => (existsSync(below(path)) ? readFileSync(below(path), 'utf8') : undefined);

/**
 * Stands in for systemd: a monitor starts unless its program says "broken", and one that says "dies" is another process
 * at the second look. It writes a sample at each look at its state, and its clock goes on by 100 ms with each start.
 */
function systemd(): void {
  const program = below(layout.monitorProgram);
  const script = `#!/bin/sh
echo "$*" >> ${below('/log')}
clock=$(cat ${below('/clock')} 2>/dev/null || echo 1000)
case "$1 $2" in
  "restart ${units.monitor}")
    echo $((clock * 1000)) > ${below('/left')}
    if grep -q broken ${program}; then echo failed > ${below('/state')}; exit 1; fi
    echo $((clock + 100)) > ${below('/clock')}
    echo $(((clock + 100) * 1000)) > ${below('/came')}
    echo active > ${below('/state')}
    echo $((clock * 7)) > ${below('/pid')}
    ;;
  "cat "*) [ -e ${below('/etc/systemd/system')}/"$2" ] || exit 1 ;;
  "show --property=ActiveState")
    echo $((clock + 10)) > ${below('/clock')}
    printf '{"time":"x","ms":%s,"rise":{"ms":1}}' $((clock + 10)) > ${below(layout.live)}
    cat ${below('/state')}
    ;;
  "show --property=MainPID")
    if grep -q dies ${program} && [ -e ${below('/seen')} ]; then echo 1; else cat ${below('/pid')}; fi
    touch ${below('/seen')}
    ;;
  "show --property=ActiveExitTimestampMonotonic") cat ${below('/left')} ;;
  "show --property=ActiveEnterTimestampMonotonic") cat ${below('/came')} ;;
esac
`;
  writeFileSync(below('/bin/systemctl'), script);
  writeFileSync(below('/bin/journalctl'), '#!/bin/sh\necho "the last words of the monitor"\n');
  for (const name of ['systemctl', 'journalctl']) chmodSync(below(`/bin/${name}`), 0o755);
}

const monitorUnit = `/etc/systemd/system/${units.monitor}`;
const timerUnit = `/etc/systemd/system/${units.syncTimer}`;
const change = (program: string): SwapChange => {
  const file = (path: string, content: string): SwapChange['files'][number] => ({
    kind: 'file',
    id: path,
    host: 'standby',
    title: path,
    secret: false,
    file: {path, content, owner: 'root', group: 'root', mode: 0o644},
  });
  const unit = (name: string, more: Partial<UnitChange>): UnitChange => ({
    kind: 'unit',
    id: name,
    host: 'standby',
    title: name,
    unit: name,
    ...more,
  });
  return {
    kind: 'swap',
    id: 'standby:swap',
    host: 'standby',
    title: 'x',
    files: [
      file(layout.monitorProgram, program),
      file(monitorUnit, 'new unit'),
      file(timerUnit, 'new timer'),
    ],
    units: [
      unit(units.syncTimer, {enabled: true, restart: true, applied: 'timer-new'}),
      unit(units.monitor, {enabled: true, active: true, restart: true, applied: 'monitor-new'}),
    ],
  };
};

async function swapped(program: string) {
  systemd();
  put('/pid', '42');
  put('/state', 'active');
  put('/came', '500000');
  put('/left', '0');
  put(layout.monitorProgram, 'the old one');
  put(monitorUnit, 'old unit');
  put(appliedStamp(units.monitor), 'monitor-old');
  const host = localHost({PATH: `${below('/bin')}:${process.env.PATH}`});
  const {script, write, run} = host;
  const here = (one: string) =>
    one.replaceAll(/(?<=[ '"\n=<>(]|^)\/(?:run|etc|usr\/local\/lib)\//gm, (path) => below(path));
  host.script = (one, options) => script({...one, text: here(one.text)}, options);
  host.write = (file) => write({...file, path: below(file.path)});
  host.run = (argv, options) =>
    run(
      argv.map((word) => (word.startsWith('/') ? below(word) : word)),
      options,
    );
  const context = contextOf(host);
  const failed = await swap(change(program), context).then(
    () => undefined,
    (error: unknown) => error as Abort,
  );
  const log = (text('/log') ?? '').split('\n');
  return {context, failed, log, windows: context.events.filter(({type}) => type === 'unprotected')};
}

const leftovers = () =>
  readdirSync(root, {recursive: true, encoding: 'utf8'}).filter((path) =>
    /failover-(?:next|before)/.test(path),
  );

describe('a swap of the monitor and its units', () => {
  it('puts all in place, notes what it runs with, and tells how long nobody watched', async () => {
    const {failed, windows, log} = await swapped('the new one');
    expect(failed).toBeUndefined();
    expect([text(layout.monitorProgram), text(monitorUnit), text(timerUnit)]).toEqual([
      'the new one',
      'new unit',
      'new timer',
    ]);
    expect(text(appliedStamp(units.monitor))).toBe('monitor-new\n');
    expect(text(appliedStamp(units.syncTimer))).toBe('timer-new\n');
    expect(windows).toEqual([{type: 'unprotected', id: 'standby:swap', fromMs: 1000, toMs: 1100}]);
    expect(log.filter((line) => line.startsWith('restart'))).toEqual([
      `restart ${units.syncTimer}`,
      `restart ${units.monitor}`,
    ]);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['does not start', 'broken'],
    ['starts, and dies then', 'dies'],
  ])('is undone when the new monitor %s: old files, old notes, old units', async (_how, program) => {
    const {failed, log, windows} = await swapped(program);
    expect(failed?.message).toBe(
      'The new monitor does not come up; the old one and its units are back, and it watches.',
    );
    expect(failed?.exit).toBe(1);
    expect(failed?.detail).toContain('the last words of the monitor');
    expect([text(layout.monitorProgram), text(monitorUnit), text(timerUnit)]).toEqual([
      'the old one',
      'old unit',
      undefined,
    ]);
    expect(text(appliedStamp(units.monitor))).toBe('monitor-old');
    expect(text(appliedStamp(units.syncTimer))).toBeUndefined();
    expect(log.filter((line) => line === `restart ${units.monitor}`)).toHaveLength(2);
    // A unit that came with the new files is gone with them, and is no reason to fail.
    expect(log.filter((line) => line === `restart ${units.syncTimer}`)).toHaveLength(1);
    expect(windows.length).toBeGreaterThan(0);
    expect(leftovers()).toEqual([]);
  });

  it('touches nothing while the standby takes over', async () => {
    put(layout.role, 'active 17\n');
    const {failed, log} = await swapped('the new one');
    expect(failed?.message).toMatch(/takes over at this moment/);
    expect(failed?.exit).toBe(3);
    expect(text(layout.monitorProgram)).toBe('the old one');
    expect(log.some((line) => line.startsWith('restart'))).toBe(false);
  });

  it('leaves nothing beside the old files when the new ones cannot be written', async () => {
    systemd();
    put(layout.monitorProgram, 'the old one');
    const host = localHost();
    const {write, run} = host;
    host.write = (file) =>
      file.path.includes('systemd')
        ? Promise.reject(new Abort('full'))
        : write({...file, path: below(file.path)});
    host.run = (argv, options) =>
      run(
        argv.map((word) => (word.startsWith('/') ? below(word) : word)),
        options,
      );
    await expect(swap(change('the new one'), contextOf(host))).rejects.toThrow('full');
    expect(text(layout.monitorProgram)).toBe('the old one');
    expect(readdirSync(below(dirname(layout.monitorProgram)))).toEqual(['monitor.mjs']);
  });
});
