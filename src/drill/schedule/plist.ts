import {originLine, type Job} from './job.js';
import {unitName, type NamedText} from './units.js';
import type {When} from './when.js';

/**
 * For launchd a date and a day of the week are one OR the other, so an "nth Sunday" starts on seven dates; the drill
 * itself begins only within its window.
 */
export function intervalsOf({day, minute}: When): Record<string, number>[] {
  const time = {Hour: Math.floor(minute / 60), Minute: minute % 60};
  if (day.on === 'every') return [time];
  if (day.on === 'date') return [{Day: day.date, ...time}];
  const {weekday, nth} = day;
  if (nth === null) return [{Weekday: weekday, ...time}];
  return Array.from({length: 7}, (_, index) => ({Day: nth * 7 - 6 + index, ...time}));
}

/** The agent of a job, for ~/Library/LaunchAgents. */
export function plistOf(job: Job, version: string): NamedText {
  const label = unitName(job.pair, job.kind);
  const dict = (entries: readonly (readonly [string, string])[]) =>
    `<dict>${entries.map(([key, value]) => `<key>${xml(key)}</key>${value}`).join('')}</dict>`;
  const string = (text: string) => `<string>${xml(text)}</string>`;
  const calendar = intervalsOf(job.when).map((fields) =>
    dict(Object.entries(fields).map(([key, value]) => [key, `<integer>${value}</integer>`] as const)),
  );
  const entries = [
    ['Label', string(label)],
    ['ProgramArguments', `<array>${job.argv.map(string).join('')}</array>`],
    ...(Object.keys(job.env).length === 0
      ? []
      : [
          [
            'EnvironmentVariables',
            dict(Object.entries(job.env).map(([key, value]) => [key, string(value)] as const)),
          ] as const,
        ]),
    ['StartCalendarInterval', `<array>${calendar.join('')}</array>`],
  ] as const;
  const body = entries.map(([key, value]) => `  <key>${key}</key>\n  ${value}\n`).join('');
  return {
    name: `${label}.plist`,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${originLine(job.pair, version).replaceAll('--', '- -')} -->
<plist version="1.0">
<dict>
${body}</dict>
</plist>
`,
  };
}

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
const xml = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign);
