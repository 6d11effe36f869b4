import type {Journal} from './journal.js';
import {shortLine} from './journal-format.js';
import type {Manager} from './manager.js';
import {Service} from './service.js';
import {exitText} from './exit-status.js';
import {roughSpan, stampText} from './span.js';
import {TimerUnit} from './timer.js';
import type {Unit} from './unit.js';

const dots: Readonly<Record<string, string>> = {active: '●', reloading: '↻', failed: '×', inactive: '○'};

/** `systemctl status UNIT`, for people. */
export function statusText(
  manager: Manager,
  unit: Unit,
  {journal, hostname, lines}: {journal: Journal; hostname: string; lines: number},
): string {
  const {source} = unit;
  const state = manager.files.stateOf(source);
  const now = manager.now();
  const since = unit.changed.ms;
  const sub = unit.active === 'failed' ? `Result: ${unit.result}` : unit.sub;
  const rows: [string, string][] = [
    ['Loaded', `${source.load} (${source.path}${state === undefined ? '' : `; ${state}`})`],
    ...(source.transient ? [['Transient', 'yes'] as [string, string]] : []),
    [
      'Active',
      `${unit.active} (${sub})${since === 0 ? '' : ` since ${stampText(since)}; ${roughSpan((now.ms - since) * 1000)} ago`}`,
    ],
  ];
  if (unit instanceof TimerUnit) rows.push(['Trigger', nextText(unit, now)], ['Triggers', unit.triggers]);
  if (unit instanceof Service) {
    const {mainPid, main, status} = unit;
    if (mainPid > 0) rows.push(['Main PID', String(mainPid)]);
    else if (main.exit) rows.push(['Main PID', `${main.pid} (${exitText(main.exit)})`]);
    if (status !== '' && !unit.isDown) rows.push(['Status', `"${status}"`]);
  }
  const said = journal.entries
    .filter(({fields}) =>
      ['_SYSTEMD_UNIT', 'UNIT', '_SYSTEMD_USER_UNIT', 'USER_UNIT'].some((name) => fields[name] === unit.id),
    )
    .slice(-lines)
    .map((entry) => shortLine(entry, hostname));
  const title = `${dots[unit.active] ?? '●'} ${unit.title}`;
  const told = [title, ...rows.map(([name, value]) => `${`${name}: `.padStart(13)}${value}`)];
  return `${[...told, ...(said.length > 0 && lines > 0 ? ['', ...said] : [])].join('\n')}\n`;
}

function nextText({nextUs, nextMs}: TimerUnit, now: {ms: number; us: number}): string {
  const atMs = Math.min(nextMs, now.ms + (nextUs - now.us) / 1000);
  if (atMs === Infinity) return 'n/a';
  return `${stampText(atMs)}; ${roughSpan((atMs - now.ms) * 1000)} left`;
}

/** `systemctl list-timers`. */
export function timersText(manager: Manager, timers: readonly TimerUnit[], legend: boolean): string {
  const now = manager.now();
  const rows = timers.map((timer) => {
    const atMs = Math.min(timer.nextMs, now.ms + (timer.nextUs - now.us) / 1000);
    const {lastMs} = timer;
    return [
      ...(atMs === Infinity ? ['-', '-'] : [stampText(atMs), `${roughSpan((atMs - now.ms) * 1000)} left`]),
      ...(lastMs === 0 ? ['-', '-'] : [stampText(lastMs), `${roughSpan((now.ms - lastMs) * 1000)} ago`]),
      timer.id,
      timer.triggers,
    ];
  });
  const end = `\n${timers.length} timers listed.\nPass --all to see loaded but inactive timers, too.\n`;
  return (
    columns([...(legend ? [['NEXT', 'LEFT', 'LAST', 'PASSED', 'UNIT', 'ACTIVATES']] : []), ...rows]) +
    (legend ? end : '')
  );
}

export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join(' ')
          .trimEnd()}\n`,
    )
    .join('');
}
