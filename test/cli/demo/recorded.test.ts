import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {phases} from '../../../src/phases/index.js';
import {runPiped} from '../whole-program.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'operator-'));
});
afterAll(() => rm(home, {recursive: true}));

describe('demo --recorded', () => {
  it('plans all six phases without a server, says what it is, and leaves nothing behind', async () => {
    const {code, stdout, stderr} = await runPiped(['demo', '--recorded'], {home});
    expect(code).toBe(0);
    for (const {number, title} of phases)
      expect(stdout).toMatch(new RegExp(`^${number} ${title} {3}\\d+ changes?$`, 'm'));
    expect(stdout).toContain('+Description=OpenClaw failover');
    expect(stderr).toMatch(
      /^Demo: .*recorded from two Debian 12 servers on 20\d\d-\d\d-\d\d\.\nNo server is contacted/,
    );
    expect(stderr).not.toContain('Blocked');
    expect(stdout + stderr).not.toContain('demo FAILOVER_');
    expect(await readdir(home)).toEqual([]);
  });

  it('--json gives the same as events', async () => {
    const {code, stdout} = await runPiped(['demo', '--recorded', '--json'], {home});
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as {type: string; phase?: string});
    expect(code).toBe(0);
    expect(events.filter(({type}) => type === 'phase').map(({phase}) => phase)).toEqual(
      phases.map(({id}) => id),
    );
    expect(events.at(-1)?.type).toBe('done');
  });
});
