import {spawnSync} from 'node:child_process';
import {userInfo} from 'node:os';
import {describe, expect, it} from 'vitest';
import {awaitLeftovers} from '../../src/plan/leftovers.js';
import type {SetupEvent} from '../../src/plan/events.js';
import {scriptCommand, watching} from '../../src/ssh/files.js';
import type {Host, HostName} from '../../src/ssh/host.js';
import {quote} from '../../src/ssh/quote.js';

const canRun = process.platform === 'linux' && userInfo().uid === 0;

/** What is said while leftovers are awaited on a host on which `before` runs, and nothing of this machine. */
async function awaiting(before: string): Promise<string[]> {
  const said: string[] = [];
  const host = (name: HostName) =>
    ({
      name,
      script: async ({text}: {text: string}) => {
        const {stdout, status} = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'sh'], {
          input: `${name === 'standby' ? before : ''}\n${text}`,
          encoding: 'utf8',
        });
        said.push(...stdout.split('\n').filter(Boolean));
        return {code: status, stdout, stderr: '', timedOut: false, tookMs: 0};
      },
    }) as unknown as Host;
  const emit = (event: SetupEvent) => void event;
  await awaitLeftovers({primary: host('primary'), standby: host('standby')}, emit);
  return said;
}

describe.runIf(canRun)('what an earlier run left', () => {
  it('is waited for when it carries the mark of our commands', async () => {
    expect(await awaiting('FAILOVER_WIZARD_RUN=1 sleep 1 &\nsleep 0.2')).toEqual([
      expect.stringMatching(/^waiting for what an earlier run left: \d+\(sleep\)$/),
    ]);
  });

  it('is nothing where a live view looks on: what it follows has no mark, nor have its children', async () => {
    const {argv, input} = scriptCommand('sleep 2 & wait', 'end');
    const follows = `(printf '%s' '${input}'; sleep 3) | FAILOVER_WIZARD_RUN=1 ${quote(watching(argv, 60))} &`;
    expect(await awaiting(`${follows}\nsleep 0.3`)).toEqual([]);
  });
});
