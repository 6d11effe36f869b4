import {Abort} from '../../../errors.js';
import {cronBlock, withBlock, withoutBlock} from '../../../drill/schedule/cron.js';
import type {Form, Whose} from './form.js';
import {runTool} from './tool.js';

/** Lines in the operator's crontab. */
export function cronForm({pair, version}: Whose): Form {
  return {
    name: 'cron',
    async unusable() {
      const {ok, missing, stderr, why} = await runTool('crontab', ['-l']);
      return ok || isNone(missing, stderr) ? undefined : `the crontab cannot be used (${why})`;
    },
    texts: (jobs) => [{where: 'crontab', text: cronBlock(jobs, {pair, version})}],
    async install(jobs) {
      const before = await read();
      const after = withBlock(before, pair, asBytes(cronBlock(jobs, {pair, version})));
      if (after !== before) await write(after, before);
      return {wrote: ['crontab'], nextMs: {}};
    },
    async find() {
      const before = await readIfAny();
      return withoutBlock(before, pair) === before ? [] : ['crontab'];
    },
    async remove() {
      const before = await readIfAny();
      const after = withoutBlock(before, pair);
      if (after === before) return [];
      if (after === '') await must(['-r']);
      else await write(after, before);
      return ['crontab'];
    },
  };
}

/** Whether `crontab -l` failed for no other reason than that there is none yet; the second form is BusyBox's. */
const isNone = (missing: string | undefined, stderr: string) =>
  missing === undefined && /\bno crontab for\b|can't open '[^'/]+': No such file or directory/i.test(stderr);

/** Other lines may be in any encoding; what is ours is UTF-8. */
const asBytes = (text: string) => Buffer.from(text).toString('latin1');

/** The whole crontab, one character for each byte; empty: there is none. @throws Abort when that cannot be told: then nothing may be written either */
async function read(): Promise<string> {
  const {ok, stdout, stderr, missing, why} = await runTool('crontab', ['-l'], {bytes: true});
  if (ok) return stdout;
  if (isNone(missing, stderr)) return '';
  throw new Abort('The crontab cannot be read, so nothing was written to it.', {
    detail: `crontab -l: ${why}`,
    next: ['Put a reminder into your calendar instead: failover-wizard drill schedule --ics drill.ics'],
  });
}

/** Without cron there is nothing in it. */
async function readIfAny(): Promise<string> {
  const {missing} = await runTool('crontab', ['-l']);
  return missing === 'ENOENT' ? '' : read();
}

/** Replaces the crontab, and reads it again. @throws Abort when it is not what was written */
async function write(text: string, before: string): Promise<void> {
  // Somebody may have edited it in the meantime.
  if ((await read()) !== before)
    throw new Abort('The crontab was changed by somebody else just now; nothing was written to it.', {
      next: ['Run the same command again.'],
    });
  await must(['-'], text);
  if ((await read()) !== text)
    throw new Abort(
      'The crontab was written, but does not hold what was written: look at it with crontab -l.',
    );
}

async function must(args: readonly string[], stdin = ''): Promise<void> {
  const {ok, why, stderr} = await runTool('crontab', args, {stdin, bytes: true});
  if (!ok)
    throw new Abort('The crontab could not be written; it is as it was.', {
      detail: stderr.trim() || why,
      next: ['Put a reminder into your calendar instead: failover-wizard drill schedule --ics drill.ics'],
    });
}
