import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, describe, expect, it} from 'vitest';
import {unable} from '../../../src/demo/able.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = join(root, 'dist/demo/world/rehearse.js');
const why = unable(process.platform) ?? (existsSync(built) ? undefined : 'dist/ is not built');
const home = mkdtempSync(join(tmpdir(), 'rehearsed-'));
afterAll(() => rmSync(home, {recursive: true, force: true}));

/** Processes that name a rehearsal's folder in their environment or their words. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    const read = (what: string) => {
      try {
        return readFileSync(`/proc/${name}/${what}`, 'latin1');
      } catch {
        return '';
      }
    };
    return read('environ').includes(folder) || read('cmdline').includes(folder);
  });
}

/** Places where a program that ran wild would leave something; what is written there all the time is left out. */
const places = [
  '/etc',
  '/opt',
  '/usr/local',
  '/usr/bin',
  '/usr/lib/systemd',
  '/home',
  '/root',
  '/var/lib',
  '/run',
];
const busy =
  /^\/(?:root\/\.(?:npm|cache)|var\/lib\/(?:dpkg|apt|machines)|run\/(?:netns|lock|user|systemd\/.*journal))/;

function changedSince(ms: number): string[] {
  const found: string[] = [];
  const look = (folder: string, depth: number) => {
    if (depth > 4 || busy.test(folder)) return;
    let names: string[] = [];
    try {
      names = readdirSync(folder);
    } catch {
      return;
    }
    for (const name of names) {
      const path = join(folder, name);
      try {
        const about = statSync(path);
        if (
          Math.max(about.ctimeMs, about.mtimeMs) > ms &&
          /openclaw|failover|fail2ban|rehears|ufw/i.test(path)
        )
          found.push(path);
        if (about.isDirectory()) look(path, depth + 1);
      } catch {
        // It went away.
      }
    }
  };
  for (const place of places) look(place, 0);
  return found;
}

const until = async (done: () => boolean, limitMs = 15_000) => {
  const end = performance.now() + limitMs;
  // oxlint-disable-next-line no-await-in-loop
  while (!done() && performance.now() < end) await sleep(100);
  return done();
};

describe.skipIf(why !== undefined)(
  `an embedded pair${why === undefined ? '' : `: ${why}`}`,
  {timeout: 90_000},
  () => {
    it('is planned by setup itself, loses its power and gets it back, and leaves nothing anywhere', async () => {
      const beganMs = Date.now();
      const {rehearse} = (await import(built)) as typeof import('../../../src/demo/world/rehearse.js');
      const rehearsing = await rehearse();
      const {folder, launcher, answersFile, order} = rehearsing;
      try {
        const plan = () =>
          spawnSync(launcher, ['setup', '--answers', answersFile, '--dry-run', '--plain', '--no-input'], {
            encoding: 'utf8',
            env: {PATH: process.env['PATH'], HOME: home},
          });
        const planned = plan();
        expect(planned.status, planned.stderr).toBe(0);
        expect(planned.stdout.match(/^[1-6] .* {3}\d+ changes?$/gm)).toHaveLength(6);
        expect(planned.stderr).toContain('OpenClaw 2026.9.6, gateway up');
        expect(planned.stdout + planned.stderr).not.toContain(`${folder}/primary`);

        // A bot needs a moment to be there.
        const answered = async (text: string) => {
          let answer: unknown;
          for (let tries = 0; tries < 40; tries += 1) {
            // oxlint-disable-next-line no-await-in-loop
            answer = await order({do: 'ask', nick: 'clawmain', text});
            if ((answer as {kind: string}).kind === 'answer') break;
            // oxlint-disable-next-line no-await-in-loop
            await sleep(500);
          }
          return answer;
        };
        expect(await answered('hello there')).toMatchObject({kind: 'answer'});
        await order({do: 'crash', host: 'primary'});
        await until(() => !processesOf(`${folder}/primary`).length);
        expect(await order({do: 'ask', nick: 'clawmain', text: 'hello?'})).toMatchObject({kind: 'absent'});
        await order({do: 'boot', host: 'primary'});
        expect(await answered('back again')).toMatchObject({kind: 'answer'});
      } finally {
        await rehearsing.end();
      }
      expect(existsSync(folder)).toBe(false);
      expect(await until(() => processesOf(folder).length === 0)).toBe(true);
      expect(changedSince(beganMs)).toEqual([]);
      expect(readdirSync(home)).toEqual([]);
    });

    it('goes with the one who started it, however that one ended', async () => {
      const file = join(home, 'starts.mjs');
      writeFileSync(
        file,
        `const {rehearse} = await import(${JSON.stringify(built)});\nconst {folder} = await rehearse();\nconsole.log(folder);\nsetInterval(() => {}, 1000);\n`,
      );
      const child = spawn(process.execPath, [file], {stdio: ['ignore', 'pipe', 'inherit']});
      const folder = await new Promise<string>((resolve) => {
        child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
      });
      expect(execFileSync('ls', [folder], {encoding: 'utf8'})).toContain('standby');
      child.kill('SIGKILL');
      expect(await until(() => !existsSync(folder) && processesOf(folder).length === 0, 20_000)).toBe(true);
      rmSync(file);
    });
  },
);
