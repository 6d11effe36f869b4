import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {lab} from '../../test/lab/lab.js';
import {launcher, type Operator} from '../../test/lab/operator.js';
import {places} from '../../test/lab/pair.js';
import {leave, limitMs, open} from './open.js';

const run = promisify(execFile);

/** ms, one of each for every run. */
export interface FirstFrame {
  /** `ssh root@primary true`, as often: what a connection costs here. */
  ssh: number[];
  /** `failover-wizard --version`: what the start of the program costs here. */
  bare: number[];
  /** From the start of the program until its screen stands. */
  screen: number[];
  /** Until both panes hold what was read, and the verdict stands. */
  whole: number[];
}

const since = (beganMs: number) => performance.now() - beganMs;

export async function firstFrames(operator: Operator, runs: number): Promise<FirstFrame> {
  const found: FirstFrame = {ssh: [], bare: [], screen: [], whole: []};
  const key = await lab.operatorKey();
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ];
  for (let index = 0; index < runs; index += 1) {
    let beganMs = performance.now();
    await run('ssh', [
      '-i',
      key,
      ...options.flatMap((each) => ['-o', each]),
      `root@${places.primary.ip}`,
      'true',
    ]);
    found.ssh.push(since(beganMs));
    beganMs = performance.now();
    await run(process.execPath, [launcher, '--version']);
    found.bare.push(since(beganMs));
    beganMs = performance.now();
    const view = open(operator);
    await view.until(/PRIMARY/, limitMs);
    found.screen.push(since(beganMs));
    await view.until(
      (lines) => /● Protected/.test(lines.join('\n')) && /● running/.test(lines.join('\n')),
      limitMs,
    );
    found.whole.push(since(beganMs));
    await leave(view);
  }
  return found;
}
