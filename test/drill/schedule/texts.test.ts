import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {scheduleOf, type Asked} from '../../../src/drill/schedule/asked.js';
import {cronBlock, withBlock, withoutBlock} from '../../../src/drill/schedule/cron.js';
import {isOurs, jobsOf, type Program} from '../../../src/drill/schedule/job.js';
import {plistOf} from '../../../src/drill/schedule/plist.js';
import {unitName, unitsOf} from '../../../src/drill/schedule/units.js';

const program: Program = {argv: ['/usr/bin/node', '/opt/fw/bin/failover-wizard.js'], env: {}};
/** What no path has, and every form has its own trouble with. */
const odd: Program = {
  argv: ['/usr/bin/env', `/opt/a b%c/$HOME/it's "<&>"\\n.js`],
  env: {XDG_STATE_HOME: '/st ate%d/$x'},
};
const block = (jobs = jobsOf(scheduleOf({}, 'home'), program)) =>
  cronBlock(jobs, {pair: 'home', version: '0.1.0'});

describe('what is asked for', () => {
  it('is a look every day at ten, without a drill, unless said otherwise', () => {
    expect(jobsOf(scheduleOf({}, 'home'), program)).toEqual([
      {
        kind: 'remind',
        pair: 'home',
        when: {day: {on: 'every'}, minute: 600},
        argv: [...program.argv, 'drill', 'remind', '--pair', 'home'],
        env: {},
      },
    ]);
  });

  it('looks ahead on a fixed day', () => {
    const [job] = jobsOf(scheduleOf({day: '5', at: '7:05'}, 'home'), program);
    expect(job?.when).toEqual({day: {on: 'date', date: 5}, minute: 425});
    expect(job?.argv.slice(2)).toEqual(['drill', 'remind', '--pair', 'home', '--ahead', '15']);
  });

  it('with a window has drills that carry the consent with them', () => {
    const [remind, run] = jobsOf(
      scheduleOf({window: '1st sunday 3:00-5:00', fault: 'hang'}, 'home'),
      program,
    );
    expect(remind?.argv.slice(2)).toEqual([
      'drill',
      'remind',
      '--pair',
      'home',
      '--window',
      '1st Sun 03:00-05:00',
    ]);
    expect(run?.argv.slice(2).join(' ')).toBe(
      'drill --pair home --fault hang --yes --no-input --confirm home --within 1st Sun 03:00-05:00 --json',
    );
    expect(run?.when).toEqual({day: {on: 'weekday', weekday: 0, nth: 1}, minute: 180});
  });

  it.each<[Asked, RegExp]>([
    [{at: '25:00'}, /--at "25:00" is no time/],
    [{at: '10'}, /--at/],
    [{day: '29'}, /--day "29" is no day that every month has/],
    [{day: '0'}, /--day/],
    [{day: 'Sun'}, /--day/],
    [{fault: 'stop'}, /maintenance window/],
    [{fault: 'fire', window: 'Sun 03:00-05:00'}, /--fault "fire"/],
    ...['kill', 'reboot', 'partition'].map((fault): [Asked, RegExp] => [
      {fault, window: 'Sun 03:00-05:00'},
      new RegExp(`^A drill of a ${fault} may pass without a takeover, so none begins by itself\\.$`),
    ]),
    [{window: 'always'}, /window "always"/],
  ])('%j is refused', (asked, sentence) => {
    expect(() => scheduleOf(asked, 'home')).toThrow(sentence);
  });
});

describe('units of systemd', () => {
  it('remind, and make up for a day that was slept through', () => {
    const [service, timer] = unitsOf(jobsOf(scheduleOf({}, 'home'), program)[0]!, '0.1.0');
    expect(service).toEqual({
      name: 'failover-wizard-drill-home.service',
      text: `# Written by failover-wizard 0.1.0 for the pair "home". Do not edit: run failover-wizard drill schedule.

[Unit]
Description=Reminder of the failover drill of the pair home

[Service]
Type=oneshot
ExecStart=/usr/bin/node /opt/fw/bin/failover-wizard.js drill remind --pair home
TimeoutStartSec=1min
`,
    });
    expect(timer?.name).toBe('failover-wizard-drill-home.timer');
    expect(timer?.text).toMatch(
      /\n\[Timer\]\nOnCalendar=\*-\*-\* 10:00:00\nPersistent=true\n\n\[Install\]\nWantedBy=timers\.target\n$/,
    );
  });

  it('begin a drill on the dot, and never afterwards', () => {
    const jobs = jobsOf(scheduleOf({window: '1st Sun 03:00-05:00'}, 'home'), program);
    const [service, timer] = unitsOf(jobs[1]!, '0.1.0');
    expect(timer?.text).toContain('OnCalendar=Sun *-*-01..07 03:00:00\nPersistent=false\nAccuracySec=1s\n');
    expect(service?.text).toContain('--within "1st Sun 03:00-05:00" --json\nTimeoutStartSec=infinity\n');
  });

  it('keep every character of a path', () => {
    const [service] = unitsOf(jobsOf(scheduleOf({}, 'home'), odd)[0]!, '0.1.0');
    expect(service?.text).toContain(
      `ExecStart=/usr/bin/env "/opt/a b%%c/$$HOME/it's \\"<&>\\"\\\\n.js" drill`,
    );
    expect(service?.text).toContain('Environment="XDG_STATE_HOME=/st ate%%d/$x"');
  });

  it('of one pair are never called like those of another', () => {
    const pairs = ['a', 'a-window', 'window', 'drill-a', 'window-a'];
    const names = pairs.flatMap((pair) => [unitName(pair, 'remind'), unitName(pair, 'run')]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('lines for cron', () => {
  it('stand between two marks', () => {
    expect(block()).toBe(`# failover-wizard drill home begin
# Written by failover-wizard 0.1.0 for the pair "home". Do not edit: run failover-wizard drill schedule.
0 10 * * * /usr/bin/node /opt/fw/bin/failover-wizard.js drill remind --pair home
# failover-wizard drill home end
`);
  });

  it('are, once cron has read them, what a shell splits into the same words', () => {
    const [job] = jobsOf(scheduleOf({window: '2nd Mon 03:00-05:00'}, 'home'), {
      ...odd,
      argv: ['/bin/sh', '-c', 'printf "%s\\n" "$XDG_STATE_HOME" "$@"', ...odd.argv],
    });
    const line = block([job!]).split('\n')[2]!.split(' ').slice(5).join(' ');
    expect(line.replaceAll('\\%', '')).not.toContain('%');
    // As cron does: a percent sign behind a backslash is a percent sign.
    const said = execFileSync('/bin/sh', ['-c', line.replaceAll('\\%', '%')], {encoding: 'utf8'});
    expect(said).toBe(
      `/st ate%d/$x\n${odd.argv[1]}\ndrill\nremind\n--pair\nhome\n--window\n2nd Mon 03:00-05:00\n`,
    );
  });

  it('ask for the day of the week of an nth weekday', () => {
    const [, run] = jobsOf(scheduleOf({window: '2nd Mon 03:00-05:00'}, 'home'), program);
    expect(block([run!])).toContain('\n0 3 8-14 * * [ "$(date +\\%w)" = 1 ] || exit 0; /usr/bin/node ');
  });

  it.each([
    '',
    '0 1 * * * mine\n',
    '\n\n# a\r\n  \n',
    '# failover-wizard drill home-2 begin\n# failover-wizard drill home-2 end\n',
  ])('go into %j and out of it, and leave it as it was', (crontab) => {
    const inside = withBlock(crontab, 'home', block());
    expect(inside).toBe(crontab + block());
    expect(withBlock(inside, 'home', block())).toBe(inside);
    expect(withoutBlock(inside, 'home')).toBe(crontab);
  });

  it('are replaced where others stand around them', () => {
    const around = `a\n${block()}b\n`;
    expect(withoutBlock(around, 'home')).toBe('a\nb\n');
    expect(withBlock(around, 'home', 'new\n')).toBe('a\nb\nnew\n');
    expect(withoutBlock(`${block()}a\n${block()}`, 'home')).toBe('a\n');
  });

  it('begin on a line of their own', () => {
    expect(withBlock('0 1 * * * mine', 'home', 'new\n')).toBe('0 1 * * * mine\nnew\n');
  });

  it.each([
    ['no end', '# failover-wizard drill home begin\nmine\n'],
    ['no begin', 'mine\n# failover-wizard drill home end\n'],
    ['the end first', '# failover-wizard drill home end\nmine\n# failover-wizard drill home begin\n'],
    [
      'two begins',
      '# failover-wizard drill home begin\nmine\n# failover-wizard drill home begin\n# failover-wizard drill home end\n',
    ],
  ])('with %s are left alone, and a person is asked', (_, crontab) => {
    expect(() => withoutBlock(crontab, 'home')).toThrow(/nothing in it was changed/);
  });
});

describe('agents of launchd', () => {
  it('are property lists that keep every character', () => {
    const {name, text} = plistOf(jobsOf(scheduleOf({day: '5'}, 'a--b'), odd)[0]!, '0.1.0');
    expect(name).toBe('failover-wizard-drill-a--b.plist');
    expect(isOurs(text)).toBe(true);
    expect(text).toContain(
      `<string>/opt/a b%c/$HOME/it's &quot;&lt;&amp;&gt;&quot;\\n.js</string><string>drill</string>`,
    );
    expect(text).toContain(
      '<key>EnvironmentVariables</key>\n  <dict><key>XDG_STATE_HOME</key><string>/st ate%d/$x</string></dict>',
    );
    expect(text).toContain(
      '<array><dict><key>Day</key><integer>5</integer><key>Hour</key><integer>10</integer><key>Minute</key><integer>0</integer></dict></array>',
    );
    // Nothing of XML may stand in a comment twice.
    expect(text.match(/<!--(.*?)-->/s)?.[1]).not.toContain('--');
    const open = text.match(/<(?:dict|array|plist|string|key|integer)\b/g)?.length;
    expect(text.match(/<\/(?:dict|array|plist|string|key|integer)>/g)).toHaveLength(open!);
  });
});
