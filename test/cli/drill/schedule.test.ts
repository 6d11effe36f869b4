import {readdir} from 'node:fs/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {FakeMachine} from './fake-machine.js';

let machine: FakeMachine;
afterEach(() => machine.gone());

const units = '.config/systemd/user';
const remind = `${units}/failover-wizard-drill-home`;
const run = `${units}/failover-wizard-drill-home_window`;
const foreign = Buffer.from('# caf\xe9\r\n5 4 * * * /bin/backup \\% x\n\n', 'latin1');

describe('a timer', () => {
  it('is written, enabled, looked at, and told with its next time', async () => {
    machine = await FakeMachine.with('systemctl', 'crontab', 'notify-send');
    const {code, stdout, stderr} = await machine.drill(['schedule', '--at', '7:05']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toContain(
      '✔ Looks every day at 07:05 whether a drill of home is due, and reminds; next: Mon 2026-11-30 05:00.',
    );
    expect(await machine.read(`${remind}.timer`)).toContain('OnCalendar=*-*-* 07:05:00\nPersistent=true');
    const service = await machine.read(`${remind}.service`);
    expect(service).toContain(`ExecStart=${process.execPath} `);
    expect(service).toMatch(/\/bin\/failover-wizard\.js drill remind --pair home\n/);
    expect(await machine.read(`${run}.timer`)).toBeUndefined();
    const asked = await machine.asked();
    const timer = 'failover-wizard-drill-home.timer';
    expect(asked.slice(0, 4)).toEqual([
      'systemctl show-environment',
      'systemctl daemon-reload',
      `systemctl enable --now ${timer}`,
      `systemctl restart ${timer}`,
    ]);
    // Nothing of a crontab is touched for it.
    expect(asked.filter((line) => /^crontab (?!-l)/.test(line))).toEqual([]);
  });

  it.each([
    ['its own', 'elsewhere', `XDG_CONFIG_HOME=HOME/elsewhere\n`, 'elsewhere/systemd/user'],
    ['none, whatever the shell has', 'elsewhere', '', '.config/systemd/user'],
  ])('is written where this systemd looks: it has a folder of %s', async (_, shell, said, folder) => {
    machine = await FakeMachine.with('systemctl');
    await machine.write(
      `${shell}/failover-wizard/pairs/home/pair.json`,
      (await machine.read('.config/failover-wizard/pairs/home/pair.json'))!,
    );
    await machine.write('fakes/environment', said.replace('HOME/', `${machine.home}/`));
    const {code, stderr} = await machine.drill(['schedule'], {XDG_CONFIG_HOME: machine.path(shell)});
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(await machine.read(`${folder}/failover-wizard-drill-home.timer`)).toContain('OnCalendar=');
    expect((await machine.drill(['schedule', '--remove'], {XDG_CONFIG_HOME: machine.path(shell)})).code).toBe(
      0,
    );
    expect(await machine.read(`${folder}/failover-wizard-drill-home.timer`)).toBeUndefined();
  });

  it('with a window is two, and loses one again when it is made without', async () => {
    machine = await FakeMachine.with('systemctl');
    const made = await machine.drill([
      'schedule',
      '--window',
      '1st Sun 03:00-05:00',
      '--fault',
      'hang',
      '--json',
    ]);
    expect(made.code).toBe(0);
    const result = JSON.parse(made.stdout) as {notes: string[]; wrote: string[]; jobs: object[]};
    expect(result).toMatchObject({
      pair: 'home',
      with: 'timer',
      window: {window: '1st Sun 03:00-05:00', fault: 'hang'},
      jobs: [
        {kind: 'remind'},
        {kind: 'run', when: 'each 1st Sun of a month at 03:00', nextAt: '2026-11-30T05:00:00.000Z'},
      ],
    });
    expect(result.wrote).toEqual(
      [remind, run].flatMap((name) => [`${machine.path(name)}.service`, `${machine.path(name)}.timer`]),
    );
    // The standby's key is named in the pair, the primary's is not.
    expect(result.notes.join('\n')).toMatch(
      /No SSH agent .* names no key for the primary: .* by primary\.identityFile\./,
    );
    expect(result.notes.join('\n')).toContain('There is no notify-send');
    expect(await machine.read(`${run}.service`)).toContain(
      'drill --pair home --fault hang --yes --no-input --confirm home --within "1st Sun 03:00-05:00" --json',
    );
    expect(await machine.read(`${run}.timer`)).toContain('Persistent=false');

    expect((await machine.drill(['schedule'])).code).toBe(0);
    expect((await readdir(machine.path(units))).toSorted()).toEqual([
      'failover-wizard-drill-home.service',
      'failover-wizard-drill-home.timer',
      'timers.target.wants',
    ]);
    expect(await readdir(machine.path(`${units}/timers.target.wants`))).toEqual([
      'failover-wizard-drill-home.timer',
    ]);
    expect(await machine.read(`${remind}.service`)).not.toContain('--window');
  });

  it.each(['no-enable', 'not-active'] as const)(
    'leaves nothing behind when systemd says %s',
    async (flag) => {
      machine = await FakeMachine.with('systemctl');
      await machine.flag(flag);
      const {code, stdout, stderr} = await machine.drill(['schedule', '--window', 'Sun 03:00-05:00']);
      expect({code, stdout}).toEqual({code: 1, stdout: ''});
      expect(stderr).toMatch(/everything is as it was/);
      expect((await readdir(machine.path(units))).filter((name) => name !== 'timers.target.wants')).toEqual(
        [],
      );
      const links = await readdir(machine.path(`${units}/timers.target.wants`)).catch(() => []);
      expect(links).toEqual([]);
    },
  );

  it('that cannot be replaced stays as it was', async () => {
    machine = await FakeMachine.with('systemctl');
    await machine.drill(['schedule', '--at', '9:00']);
    const before = await machine.read(`${remind}.timer`);
    await machine.flag('not-active');
    expect((await machine.drill(['schedule', '--at', '11:00'])).code).toBe(1);
    expect(await machine.read(`${remind}.timer`)).toBe(before);
    expect(await readdir(machine.path(`${units}/timers.target.wants`))).toEqual([
      'failover-wizard-drill-home.timer',
    ]);
  });

  it('of somebody else with the same name is not touched', async () => {
    machine = await FakeMachine.with('systemctl');
    await machine.write(`${remind}.timer`, '[Timer]\nOnCalendar=daily\n');
    for (const args of [['schedule'], ['schedule', '--remove']]) {
      // oxlint-disable-next-line no-await-in-loop
      const {code, stderr} = await machine.drill(args);
      expect(code).toBe(1);
      expect(stderr).toContain('was not written by failover-wizard');
    }
    expect(await machine.read(`${remind}.timer`)).toBe('[Timer]\nOnCalendar=daily\n');
  });
});

describe('cron', () => {
  it('takes over where systemd does not run for the user, which is said', async () => {
    machine = await FakeMachine.with('systemctl', 'crontab');
    await machine.flag('no-bus');
    await machine.write('fakes/tab', foreign);
    const {code, stdout} = await machine.drill(['schedule'], {XDG_STATE_HOME: machine.path('st%te')});
    expect(code).toBe(0);
    expect(stdout).toContain('Failed to connect to bus: No medium found); cron is used.');
    const tab = await machine.read('fakes/tab');
    expect(tab?.startsWith(foreign.toString('latin1'))).toBe(true);
    expect(tab?.slice(foreign.length)).toMatch(
      /^# failover-wizard drill home begin\n# Written by .*\n0 10 \* \* \* XDG_STATE_HOME=\/.*\/st\\%te \/.* drill remind --pair home\n# failover-wizard drill home end\n$/,
    );
    expect(await readdir(machine.path('.config')).catch(() => [])).not.toContain('systemd');
  });

  it('is put back byte for byte', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.write('fakes/tab', foreign);
    for (const args of [
      ['schedule'],
      ['schedule', '--day', '5'],
      ['schedule', '--window', '15 03:00-05:00'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await machine.drill(args)).code).toBe(0);
    }
    expect((await machine.read('fakes/tab'))?.match(/drill home begin/g)).toHaveLength(1);
    const {code, stdout} = await machine.drill(['schedule', '--remove']);
    expect({code, stdout}).toEqual({code: 0, stdout: '✔ taken away: crontab\n'});
    expect(await machine.read('fakes/tab')).toBe(foreign.toString('latin1'));
    expect((await machine.drill(['schedule', '--remove'])).stdout).toBe(
      'There is no schedule of home on this machine.\n',
    );
  });

  it('is gone again where there was none', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.drill(['schedule']);
    expect(await machine.read('fakes/tab')).toContain('drill remind');
    await machine.drill(['schedule', '--remove']);
    expect(await machine.read('fakes/tab')).toBeUndefined();
  });

  it('may say in the words of BusyBox that there is none yet', async () => {
    machine = await FakeMachine.with('crontab');
    const fake = (await machine.read('bin/crontab')) ?? '';
    const words = `crontab: can't open 'operator': No such file or directory`;
    await machine.write('bin/crontab', fake.replace('no crontab for operator', words));
    expect((await machine.drill(['schedule'])).code).toBe(0);
    expect(await machine.read('fakes/tab')).toContain('drill remind');
  });

  it('is not written where it cannot be read', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.write('fakes/tab', foreign);
    await machine.flag('broken');
    for (const args of [['schedule'], ['schedule', '--with', 'cron'], ['schedule', '--remove']]) {
      // oxlint-disable-next-line no-await-in-loop
      const {code, stderr} = await machine.drill(args);
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain("can't open your crontab: Permission denied");
    }
    expect(await machine.read('fakes/tab')).toBe(foreign.toString('latin1'));
    expect((await machine.asked()).filter((line) => line !== 'crontab -l')).toEqual([]);
  });

  it('that cannot be written is said so, and is as it was', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.write('fakes/tab', foreign);
    await machine.flag('full');
    const {code, stderr} = await machine.drill(['schedule']);
    expect(code).toBe(1);
    expect(stderr).toContain('No space left on device');
    expect(await machine.read('fakes/tab')).toBe(foreign.toString('latin1'));
  });

  it('gives way to a timer, and a timer to it', async () => {
    machine = await FakeMachine.with('crontab', 'systemctl');
    await machine.write('fakes/tab', foreign);
    await machine.drill(['schedule', '--with', 'cron', '--window', 'Sun 03:00-05:00']);
    const timer = await machine.drill(['schedule', '--with', 'timer', '--window', 'Sun 03:00-05:00']);
    expect(timer.stdout).toContain('taken away: crontab');
    expect(await machine.read('fakes/tab')).toBe(foreign.toString('latin1'));
    await machine.drill(['schedule', '--with', 'cron']);
    expect(await machine.read('fakes/tab')).toContain('drill remind');
    expect(await readdir(machine.path(units))).toEqual(['timers.target.wants']);
    expect(await readdir(machine.path(`${units}/timers.target.wants`))).toEqual([]);
  });
});

describe('nothing is changed', () => {
  it('by --dry-run, which shows all of it', async () => {
    machine = await FakeMachine.with('crontab', 'systemctl');
    await machine.write('fakes/tab', foreign);
    const timer = await machine.drill([
      'schedule',
      '--dry-run',
      '--window',
      'Sun 03:00-05:00',
      '--ics',
      'never.ics',
    ]);
    expect(timer.code).toBe(0);
    for (const part of [
      `${machine.path(run)}.timer`,
      '  OnCalendar=Sun *-*-* 03:00:00',
      '  BEGIN:VCALENDAR',
      'Nothing was changed.',
    ])
      expect(timer.stdout).toContain(part);
    const cron = await machine.drill(['schedule', '--dry-run', '--with', 'cron', '--json']);
    expect(JSON.parse(cron.stdout)).toMatchObject({
      dryRun: true,
      wrote: [],
      texts: [{where: 'crontab', text: expect.stringContaining('0 10 * * *') as string}],
    });
    expect(await machine.read('fakes/tab')).toBe(foreign.toString('latin1'));
    expect(new Set(await machine.asked())).toEqual(new Set(['systemctl show-environment', 'crontab -l']));
    expect(await readdir(machine.path('.config'))).toEqual(['failover-wizard']);
  });

  it('by --remove --dry-run', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.drill(['schedule']);
    const before = await machine.read('fakes/tab');
    const {stdout} = await machine.drill(['schedule', '--remove', '--dry-run']);
    expect(stdout).toContain('would be taken away: crontab');
    expect(await machine.read('fakes/tab')).toBe(before);
  });

  it.each([
    [['schedule', '--window', 'Sundays'], /window "Sundays" is no maintenance window/],
    [['schedule', '--fault', 'stop'], /need a maintenance window/],
    [['schedule', '--with', 'at'], /Allowed choices are timer, cron, launchd/],
    [['schedule', '--with', 'launchd'], /--with launchd cannot be had.*\n.*not macOS/],
    [['schedule', '--with', 'timer'], /--with timer cannot be had/],
    [['schedule', '--remove', '--at', '10:00'], /--at has no meaning beside it/],
    [['schedule', '--answers', 'a.json'], /without --answers/],
    [['schedule', '--ics', '-', '--json'], /--ics - prints the calendar file/],
    [['schedule', '--command', 'failover-wizard'], /does not begin with an absolute path/],
    [['schedule', '--command', '/nowhere/fw'], /no program that can be run/],
    [['schedule', '--pair', 'other'], /There is no pair called other/],
    [['remind', '--pair', 'other'], /There is no pair called other/],
    [['remind', '--ahead', 'x'], /--ahead "x"/],
  ])('by %j, which is a usage error', async (args, sentence) => {
    machine = await FakeMachine.with('crontab');
    const {code, stdout, stderr} = await machine.drill(args);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
    if (!args.includes('--json')) expect(stdout).toBe('');
    expect((await machine.asked()).filter((line) => line !== 'crontab -l')).toEqual([]);
  });
});

describe('the rest', () => {
  it('says that this machine has nothing to remind with, and offers the calendar', async () => {
    machine = await FakeMachine.with();
    const {code, stderr} = await machine.drill(['schedule']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/there is no systemctl[^]*there is no crontab[^]*--ics drill\.ics/);
    expect(stderr).not.toContain('macOS');
  });

  it('writes the calendar alone, to a file or to stdout', async () => {
    machine = await FakeMachine.with('crontab', 'systemctl');
    const file = machine.path('drill.ics');
    const written = await machine.drill(['schedule', '--ics', file, '--day', '3']);
    expect(written).toMatchObject({code: 0, stdout: `✔ Calendar file: ${file}\n`});
    expect(await machine.read('drill.ics')).toContain('\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=3\r\n');
    const printed = await machine.drill(['schedule', '--ics', '-', '--day', '3']);
    expect(printed.stdout).toMatch(/^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/);
    expect(await machine.asked()).toEqual([]);
    const both = await machine.drill(['schedule', '--ics', '-', '--with', 'cron']);
    expect(both.stdout).toMatch(/^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/);
    expect(both.stderr).toContain('✔ Looks every day at 10:00');
    expect(await machine.read('fakes/tab')).toContain('drill remind');
  });

  it('is taken away as well when the pair is gone, if it is named', async () => {
    machine = await FakeMachine.with('crontab');
    await machine.drill(['schedule']);
    await machine.write('.config/failover-wizard/pairs/home/pair.json', 'broken');
    expect((await machine.drill(['schedule', '--remove', '--pair', 'home'])).code).toBe(0);
    expect(await machine.read('fakes/tab')).toBeUndefined();
  });

  it('calls what it is told to', async () => {
    machine = await FakeMachine.with('crontab');
    const command = machine.path('bin/crontab');
    await machine.drill(['schedule', '--command', `${command} --yes fw`]);
    expect(await machine.read('fakes/tab')).toMatch(
      / PATH=\S+:\/usr\/bin:\/bin \S+\/bin\/crontab --yes fw drill remind --pair home\n/,
    );
  });
});
