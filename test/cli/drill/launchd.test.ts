import {chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {launchdForm} from '../../../src/cli/drill/schedule/launchd.js';
import {scheduleOf} from '../../../src/drill/schedule/asked.js';
import {jobsOf} from '../../../src/drill/schedule/job.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mac-'));
  await mkdir(join(home, 'bin'));
  await writeFile(
    join(home, 'bin', 'launchctl'),
    `#!/bin/sh\necho "$*" >> ${home}/log\ncase "$1" in bootstrap) [ ! -e ${home}/refuse ] || { echo "Bootstrap failed: 5" >&2; exit 5; } ;; esac\n`,
  );
  await chmod(join(home, 'bin', 'launchctl'), 0o755);
  vi.stubEnv('HOME', home);
  vi.stubEnv('PATH', join(home, 'bin'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, {recursive: true});
});

const agents = () => readdir(join(home, 'Library', 'LaunchAgents'));
const jobs = (asked: {at?: string; window?: string}) =>
  jobsOf(scheduleOf(asked, 'home'), {argv: ['/usr/local/bin/node', '/fw.js'], env: {}});
const form = () => launchdForm({pair: 'home', version: '0.1.0'});

it('loads its agents, loses the one that is no longer wanted, and takes all away', async () => {
  await form().install(jobs({window: 'Sun 03:00-05:00'}));
  expect(await agents()).toEqual([
    'failover-wizard-drill-home.plist',
    'failover-wizard-drill-home_window.plist',
  ]);
  await form().install(jobs({}));
  expect(await agents()).toEqual(['failover-wizard-drill-home.plist']);
  const [path] = await form().remove();
  expect(path).toBe(join(home, 'Library', 'LaunchAgents', 'failover-wizard-drill-home.plist'));
  expect(await agents()).toEqual([]);
  const log = await readFile(join(home, 'log'), 'utf8');
  expect(log).toContain(`bootstrap gui/${process.getuid?.()} ${path}\n`);
  expect(log.trimEnd().split('\n').at(-1)).toMatch(/^bootout gui\/\d+\/failover-wizard-drill-home/);
});

it('leaves what was there when an agent cannot be loaded', async () => {
  await form().install(jobs({at: '9:00'}));
  const file = join(home, 'Library', 'LaunchAgents', 'failover-wizard-drill-home.plist');
  const before = await readFile(file, 'utf8');
  await writeFile(join(home, 'refuse'), '');
  await expect(form().install(jobs({at: '11:00', window: 'Sun 03:00-05:00'}))).rejects.toThrow(/as it was/);
  expect(await agents()).toEqual(['failover-wizard-drill-home.plist']);
  expect(await readFile(file, 'utf8')).toBe(before);
});
