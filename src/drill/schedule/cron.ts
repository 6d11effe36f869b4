import {Abort} from '../../errors.js';
import {quote, quoteWord} from '../../ssh/quote.js';
import {originLine, type Job} from './job.js';
import type {When} from './when.js';

const beginOf = (pair: string) => `# failover-wizard drill ${pair} begin`;
const endOf = (pair: string) => `# failover-wizard drill ${pair} end`;

/** The five fields, and what has to be asked besides: cron takes a date OR a day of the week, never both. */
export function cronFields({day, minute}: When): {fields: string; test: string} {
  const time = `${minute % 60} ${Math.floor(minute / 60)}`;
  if (day.on === 'every') return {fields: `${time} * * *`, test: ''};
  if (day.on === 'date') return {fields: `${time} ${day.date} * *`, test: ''};
  if (day.nth === null) return {fields: `${time} * * ${day.weekday}`, test: ''};
  const dates = `${day.nth * 7 - 6}-${day.nth * 7}`;
  return {fields: `${time} ${dates} * *`, test: `[ "$(date +%w)" = ${day.weekday} ] || exit 0; `};
}

/** The lines of a pair in a crontab, with their marks. */
export function cronBlock(jobs: readonly Job[], {pair, version}: {pair: string; version: string}): string {
  const lines = jobs.map(({when, argv, env}) => {
    const {fields, test} = cronFields(when);
    const settings = Object.entries(env).map(([name, value]) => `${name}=${quoteWord(value)} `);
    // For cron a bare % is the end of the command, also between quotes.
    return `${fields} ${`${test}${settings.join('')}${quote(argv)}`.replaceAll('%', '\\%')}`;
  });
  return `${[beginOf(pair), `# ${originLine(pair, version)}`, ...lines, endOf(pair)].join('\n')}\n`;
}

/**
 * A crontab without the lines of a pair; every other byte stays.
 * @throws Abort when it cannot be told where they end
 */
export function withoutBlock(crontab: string, pair: string): string {
  const lines = crontab.split(/(?<=\n)/);
  const is = (mark: string) => (line: string) => line.replace(/\r?\n$/, '') === mark;
  const begin = lines.findIndex(is(beginOf(pair)));
  const stray = lines.findIndex(is(endOf(pair)));
  if (begin < 0 && stray < 0) return crontab;
  const end = lines.findIndex((line, index) => index > begin && is(endOf(pair))(line));
  const again = lines.findIndex((line, index) => index > begin && is(beginOf(pair))(line));
  if (begin < 0 || stray < begin || end < 0 || (again >= 0 && again < end))
    throw new Abort(
      `The crontab has the marks of the pair ${pair}, but not one of each in order; nothing in it was changed.`,
      {
        next: [
          `Put it right with crontab -e: what stands between "${beginOf(pair)}" and "${endOf(pair)}", with these two lines, may be deleted.`,
        ],
      },
    );
  // Twice over, should somebody have copied it.
  return withoutBlock([...lines.slice(0, begin), ...lines.slice(end + 1)].join(''), pair);
}

/** A crontab with these lines for the pair, in place of those it had. */
export function withBlock(crontab: string, pair: string, block: string): string {
  const rest = withoutBlock(crontab, pair);
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${block}`;
}
