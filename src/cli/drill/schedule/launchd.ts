import {rm} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {Abort} from '../../../errors.js';
import type {Job} from '../../../drill/schedule/job.js';
import {plistOf} from '../../../drill/schedule/plist.js';
import {unitName} from '../../../drill/schedule/units.js';
import {ownFiles, replaceFiles} from './files.js';
import type {Form, Whose} from './form.js';
import {runTool} from './tool.js';

const kinds = ['remind', 'run'] as const;

/** An agent of launchd, on macOS. */
export function launchdForm({pair, version}: Whose): Form {
  const folder = join(homedir(), 'Library', 'LaunchAgents');
  const domain = `gui/${process.getuid?.() ?? ''}`;
  const all = kinds.map((kind) => join(folder, `${unitName(pair, kind)}.plist`));
  const files = (jobs: readonly Job[]) =>
    jobs.map((job) => {
      const {name, text} = plistOf(job, version);
      return {path: join(folder, name), text};
    });
  const bootout = () =>
    Promise.all(kinds.map((kind) => runTool('launchctl', ['bootout', `${domain}/${unitName(pair, kind)}`])));
  const bootstrap = (path: string) => runTool('launchctl', ['bootstrap', domain, path]);

  return {
    name: 'launchd',
    unusable: async () => (process.platform === 'darwin' ? undefined : 'this is not macOS'),
    texts: (jobs) => files(jobs).map(({path, text}) => ({where: path, text})),
    async install(jobs) {
      const written = files(jobs);
      const before = await ownFiles(all);
      const back = await replaceFiles(written);
      await bootout();
      for (const {path} of written) {
        // oxlint-disable-next-line no-await-in-loop
        const {ok, why} = await bootstrap(path);
        if (ok) continue;
        // oxlint-disable-next-line no-await-in-loop
        await Promise.all([bootout(), back()]);
        // oxlint-disable-next-line no-await-in-loop
        await Promise.all(before.map(bootstrap));
        throw new Abort('The agent could not be loaded; everything is as it was.', {
          detail: `launchctl bootstrap ${domain} ${path}: ${why}`,
          next: ['Use cron instead: failover-wizard drill schedule --with cron'],
        });
      }
      const paths = written.map(({path}) => path);
      await Promise.all(
        before.filter((path) => !paths.includes(path)).map((path) => rm(path, {force: true})),
      );
      return {wrote: paths, nextMs: {}};
    },
    find: () => ownFiles(all),
    async remove() {
      const found = await ownFiles(all);
      if (found.length === 0) return [];
      await bootout();
      await Promise.all(found.map((path) => rm(path, {force: true})));
      return found;
    },
  };
}
