import {ok, problem, tip, type Finding} from '../finding.js';
import type {FolderReading, PairReading, Readings} from '../readings.js';

/** What the program keeps on this machine, and what reminds of drills. Pure. */
export function keptFindings(readings: Readings): Finding[] {
  const {folders, pairs, platform} = readings;
  return [
    ...folders.flatMap((folder) => folderFindings(folder, platform)),
    ...(pairs.length === 0
      ? [ok('pairs', 'No pair is saved yet: failover-wizard setup makes one.')]
      : pairs.map(pairFinding)),
    ...scheduleFindings(readings),
    ...desktopFindings(readings),
  ];
}

function folderFindings(
  {what, path, mode, refused, open}: FolderReading,
  platform: NodeJS.Platform,
): Finding[] {
  const about = what;
  if (refused !== undefined)
    return [
      problem(
        about,
        `${path} cannot be written: ${refused}.`,
        `Check its owner, or set ${what === 'config' ? 'XDG_CONFIG_HOME' : 'XDG_STATE_HOME'} to another folder.`,
      ),
    ];
  if (mode === undefined) return [ok(about, `${path} is made when it is needed.`)];
  if (platform === 'win32') return [ok(about, `${path} can be written.`)];
  if ((mode & 0o022) !== 0) return [problem(about, `Others may write to ${path}.`, `chmod go-rwx ${path}`)];
  if (open.length > 0)
    return [
      tip(
        about,
        `Others may read ${open.length === 1 ? open[0] : `${open.length} files below ${path}`}.`,
        `chmod -R go-rwx ${path}`,
      ),
    ];
  return [ok(about, `${path} is yours alone, and can be written.`)];
}

function pairFinding(pair: PairReading): Finding {
  switch (pair.state) {
    case 'valid':
      return ok('pairs', `${pair.name}: ${pair.primary.ssh} and ${pair.standby.ssh}.`);
    case 'begun':
      return ok('pairs', `${pair.name}: begun and not saved yet.`);
    case 'broken':
      return problem('pairs', `${pair.name}: ${pair.why}`, pair.next[0] ?? 'Run setup again.');
  }
}

function scheduleFindings({pairs, schedule: {forms, of}, platform}: Readings): Finding[] {
  const saved = pairs.filter(({state}) => state === 'valid').map(({name}) => name);
  if (platform === 'win32')
    return [
      tip(
        'schedule',
        'On Windows this program sets up no reminder of drills.',
        'A calendar file: failover-wizard drill schedule --ics drill.ics; or a task: docs/windows.md',
      ),
    ];
  if (forms.length === 0)
    return [
      tip(
        'schedule',
        'Neither a timer nor cron can remind of drills here.',
        'A calendar file: failover-wizard drill schedule --ics drill.ics',
      ),
    ];
  const without = saved.filter((name) => !of.includes(name));
  if (without.length > 0)
    return [
      tip(
        'schedule',
        `Nothing on this machine reminds of drills of ${without.join(', ')}.`,
        `failover-wizard drill schedule --pair ${without[0]}`,
      ),
    ];
  return [
    ok(
      'schedule',
      saved.length === 0
        ? `Drills can be reminded of by ${forms[0]}.`
        : 'Drills of every pair are reminded of.',
    ),
  ];
}

function desktopFindings({desktop: {there, helper}, platform}: Readings): Finding[] {
  if (helper !== undefined) return [ok('desktop', `${helper} shows reminders.`)];
  if (!there) return [];
  return [
    tip(
      'desktop',
      'Nothing here can show a reminder on the desktop.',
      platform === 'win32'
        ? 'watch still rings the bell, and sets the title of Windows Terminal.'
        : 'Install libnotify-bin (notify-send).',
    ),
  ];
}
