import {describe, expect, it} from 'vitest';
import {howTested, journalOf} from '../../../src/cli/watch/ports.js';
import type {LivePair} from '../../../src/cli/watch/live-pair.js';
import {Abort, ConnectionLost} from '../../../src/errors.js';
import {runningPrimary} from '../../phases/facts.js';

/** A standby whose command prints these lines, and then ends or breaks; one entry for each time that it is followed. */
function live(runs: readonly {lines: readonly string[]; breaks?: Error}[]) {
  const argvs: (readonly string[])[] = [];
  const left = [...runs];
  const host = {
    async *follow(argv: readonly string[]) {
      argvs.push(argv);
      const {lines = [], breaks} = left.shift() ?? {};
      yield* lines;
      if (breaks) throw breaks;
    },
  };
  const source = async () => host;
  const pair = {
    facts: () => runningPrimary(),
    reach: {sources: {primary: source, standby: source}},
  } as unknown as LivePair;
  return {pair, argvs};
}

async function read(pair: LivePair, signal = new AbortController().signal): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of journalOf(pair, 'monitor', signal, 1)) lines.push(line);
  return lines;
}

describe('a journal', () => {
  it('goes on over a lost connection, with the lines that may have come meanwhile', async () => {
    const {pair, argvs} = live([
      {lines: ['a', 'b'], breaks: new ConnectionLost('standby', 'a journal')},
      {lines: ['b', 'c']},
    ]);
    expect(await read(pair)).toEqual([
      'a',
      'b',
      expect.stringContaining('the connection was lost'),
      'b',
      'c',
    ]);
    expect(argvs[0]).toContain('--lines=200');
    expect(argvs[1]).toContain('--lines=20');
  });

  it('that cannot be had ends with why', async () => {
    const {pair} = live([{lines: [], breaks: new Abort('There is no journalctl.')}]);
    await expect(read(pair)).rejects.toThrow('There is no journalctl.');
  });

  it('that was left is not followed again', async () => {
    const leave = new AbortController();
    leave.abort();
    const {pair, argvs} = live([
      {lines: [], breaks: new ConnectionLost('standby', 'a journal')},
      {lines: ['x']},
    ]);
    await expect(read(pair, leave.signal)).rejects.toThrow('lost');
    expect(argvs).toHaveLength(1);
  });
});

describe('how a pair is tested', () => {
  it('is a drill, by its command', () =>
    expect(howTested('home', false)).toEqual(
      expect.arrayContaining(['  failover-wizard drill', '  failover-wizard drill history']),
    ));
  it('names the pair where this machine has several', () =>
    expect(howTested('home', true)).toEqual(
      expect.arrayContaining([
        '  failover-wizard drill --pair home',
        '  failover-wizard drill history --pair home',
      ]),
    ));
});
