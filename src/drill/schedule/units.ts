import {originLine, type Job} from './job.js';
import {timeText, weekdays, type When} from './when.js';

/** A file by its name and its whole text. */
export interface NamedText {
  name: string;
  text: string;
}

/** No pair has `_` in its name, so that no other pair's unit is ever called like this. */
export const unitName = (pair: string, kind: Job['kind']) =>
  `failover-wizard-drill-${pair}${kind === 'run' ? '_window' : ''}`;

/** As systemd.time(7) writes it. */
export function onCalendar({day, minute}: When): string {
  const time = `${timeText(minute)}:00`;
  if (day.on === 'every') return `*-*-* ${time}`;
  if (day.on === 'date') return `*-*-${String(day.date).padStart(2, '0')} ${time}`;
  const dates =
    day.nth === null
      ? '*'
      : [day.nth * 7 - 6, day.nth * 7].map((date) => String(date).padStart(2, '0')).join('..');
  return `${weekdays[day.weekday]} *-*-${dates} ${time}`;
}

/** The service and the timer of a job, for ~/.config/systemd/user. */
export function unitsOf(job: Job, version: string): NamedText[] {
  const name = unitName(job.pair, job.kind);
  const unit = (sections: readonly (readonly [string, readonly string[]])[]) =>
    `# ${originLine(job.pair, version)}\n` +
    sections.map(([section, lines]) => `\n[${section}]\n${lines.join('\n')}\n`).join('');
  const what =
    job.kind === 'run'
      ? `Failover drill of the pair ${job.pair}, within its maintenance window`
      : `Reminder of the failover drill of the pair ${job.pair}`;
  const service = unit([
    ['Unit', [`Description=${what}`]],
    [
      'Service',
      [
        'Type=oneshot',
        ...Object.entries(job.env).map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
        `ExecStart=${execLine(job.argv)}`,
        ...(job.kind === 'run'
          ? // A drill ends by itself, and has something to take back when it is ended early.
            ['TimeoutStartSec=infinity', 'TimeoutStopSec=5min']
          : ['TimeoutStartSec=1min']),
      ],
    ],
  ]);
  const timer = unit([
    ['Unit', [`Description=${what}`]],
    [
      'Timer',
      [
        `OnCalendar=${onCalendar(job.when)}`,
        ...(job.kind === 'run'
          ? // One that was missed is not made up for: a drill never begins outside its window.
            ['Persistent=false', 'AccuracySec=1s']
          : // A machine that was asleep reminds when it is awake again.
            ['Persistent=true']),
      ],
    ],
    ['Install', ['WantedBy=timers.target']],
  ]);
  return [
    {name: `${name}.service`, text: service},
    {name: `${name}.timer`, text: timer},
  ];
}

/** The path of the program is taken as it is, apart from specifiers; in the words behind it `$` is special as well. */
const execLine = ([path = '', ...words]: readonly string[]) =>
  [quoted(path), ...words.map((word) => quoted(word).replaceAll('$', '$$$$'))].join(' ');

const plain = /^[A-Za-z0-9_@+:,./=-]+$/;
const quoted = (word: string) =>
  plain.test(word) ? word : `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
