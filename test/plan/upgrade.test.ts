import {describe, expect, it} from 'vitest';
import {finishedPair} from '../phases/finished-pair.js';
import {Abort} from '../../src/errors.js';
import type {PlanInput} from '../../src/phases/phase.js';
import type {Change} from '../../src/plan/change.js';
import type {SetupEvent, SetupPort} from '../../src/plan/events.js';
import {undoTimer} from '../../src/plan/kinds/config-undo.js';
import {revertTimer} from '../../src/plan/proofs/revert.js';
import type {Reading} from '../../src/plan/read.js';
import type {SetupInput} from '../../src/plan/setup.js';
import {mayUpgrade, planUpgrade, readForUpgrade, runUpgrade} from '../../src/plan/upgrade.js';
import type {Host, HostName, Ran} from '../../src/ssh/host.js';
import {layout, units} from '../../src/templates/layout.js';
import {applyToFacts} from '../phases/apply-to-facts.js';
import {planInputOf} from '../phases/facts.js';

const inState = (state: string, more: object = {}): PlanInput['standby']['monitorState'] => ({
  known: true,
  value: {memory: {state, probe: {class: 'ok'}, ...more}},
});

const thrown = (act: () => void): Abort => {
  try {
    act();
  } catch (error) {
    return error as Abort;
  }
  throw new Error('nothing was thrown');
};

describe('whether an upgrade may begin', () => {
  it('at rest it may', () => expect(() => mayUpgrade(finishedPair())).not.toThrow());
  it('paused it may', () => {
    const input = finishedPair();
    input.standby.monitorState = inState('watching', {pause: {why: 'disk'}});
    expect(() => mayUpgrade(input)).not.toThrow();
    expect(planUpgrade(input).already).toBe('it is paused: disk');
  });
  it.each([
    ['suspect', /suspects the primary/, 'upgrade --wait'],
    ['promoting', /takes over at this moment/, 'upgrade --wait'],
    ['active', /has taken over/, 'upgrade --wait'],
    ['recovering', /about to give back/, 'upgrade --wait'],
    ['demoting', /gives back/, 'upgrade --wait'],
    ['blocked', /could not/, 'explain'],
    ['a-state-of-tomorrow', /is a-state-of-tomorrow/, 'upgrade --wait'],
  ])('not while it is %s', (state, sentence, next) => {
    const input = finishedPair();
    input.standby.monitorState = inState(state);
    const error = thrown(() => mayUpgrade(input));
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/nothing was changed/);
    expect(error.next.join()).toContain(next);
    expect(error.exit).toBe(3);
  });
  it('not when the monitor says nothing', () => {
    const input = finishedPair();
    input.standby.monitorState = {known: true, value: null};
    expect(thrown(() => mayUpgrade(input)).exit).toBe(3);
  });
  it.each([undoTimer, revertTimer])('not while %s waits to undo what a setup left', (timer) => {
    const input = finishedPair();
    input.primary.units[timer] = {...input.standby.units[units.monitor]!, activeState: 'active'};
    expect(thrown(() => mayUpgrade(input)).message).toMatch(/cut off/);
  });
  it('not a bare standby', () => {
    const error = thrown(() => mayUpgrade(planInputOf()));
    expect([error.exit, error.next.join()]).toEqual([1, expect.stringContaining('failover-wizard setup')]);
  });
});

function world(model: PlanInput, {stdout = ''}: {stdout?: string} = {}) {
  const applied: string[] = [];
  const commands: string[] = [];
  const host = (name: HostName): Host => {
    const ok = (text = ''): Ran => ({code: 0, timedOut: false, stdout: text, stderr: '', tookMs: 1});
    return {
      name,
      target: name,
      run: async () => ok(),
      script: async ({label}) => {
        commands.push(`${name} ${label}`);
        if (label.startsWith('take the lock')) return ok('taken');
        return ok(label.startsWith('wait until the gateway sleeps') ? stdout : '');
      },
      read: async (path) =>
        path === layout.stateJson && model.standby.monitorState.known
          ? Buffer.from(JSON.stringify(model.standby.monitorState.value))
          : undefined,
      write: async () => {},
      follow: async function* () {},
      close: async () => {},
    };
  };
  const read = async (): Promise<Reading> => {
    const {primary, standby, split, planned} = model;
    return structuredClone({primary, standby, split, planned});
  };
  const windows = new Map<string, [number, number?]>();
  const input: SetupInput = {
    hosts: {primary: host('primary'), standby: host('standby')},
    pair: model.pair,
    secrets: {},
    programs: model.programs,
    reached: model.reached!,
    version: model.version,
    dryRun: false,
    read,
    apply: async (change, {emit}) => {
      applied.push(change.id);
      const parts: Change[] = change.kind === 'swap' ? [...change.files, ...change.units] : [change];
      for (const part of parts) applyToFacts(part, model);
      const [fromMs, toMs] = windows.get(change.id) ?? [];
      if (fromMs !== undefined)
        emit({type: 'unprotected', id: change.id, fromMs, ...(toMs !== undefined && {toMs})});
    },
  };
  const events: SetupEvent[] = [];
  const port: SetupPort = {
    emit: (event) => void events.push(event),
    decide: async ({type}) => (type === 'review' ? 'apply' : 'quit'),
    stop: new AbortController().signal,
    force: new AbortController().signal,
  };
  return {input, port, events, applied, commands, windows, read};
}

describe('an upgrade', () => {
  it('of a newer program swaps once, under the pair’s lock, and tells what it cost', async () => {
    const model = {...finishedPair(), version: '0.2.0'};
    const {input, port, applied, commands, windows, read} = world(model);
    windows.set('standby:swap', [1_000, 1_240]);
    const end = await runUpgrade({...input, reading: await read()}, port);
    expect(applied.filter((id) => id === 'standby:swap')).toHaveLength(1);
    expect(applied.some((id) => id.includes('proof:live') || id.includes('proof:failover'))).toBe(false);
    expect(end).toMatchObject({unprotectedMs: 240, left: [], summary: {complete: true, nothingToDo: false}});
    expect(end.gaps.map(({step, ms}) => [step, ms])).toEqual([['monitor', 240]]);
    expect(commands.filter((one) => one.includes('the lock'))).toHaveLength(4);
    const again = await runUpgrade({...input, reading: await read()}, port);
    expect(again.summary.nothingToDo).toBe(true);
  });

  it('of a warm pair counts from the stop of its sleeping gateway until it sleeps again', async () => {
    const model = finishedPair({answers: {monitor: {standby: 'warm'}}});
    if (model.primary.openclaw.known) model.primary.openclaw.value!.version = '2026.9.7';
    const {input, port, applied, windows, read} = world(model, {stdout: '13000 30000\n'});
    windows.set('standby:npm-package:openclaw', [1_000, undefined]);
    const end = await runUpgrade({...input, reading: await read()}, port);
    expect(applied).toEqual(['standby:npm-package:openclaw', 'standby:sleeping-gateway']);
    expect(end.unprotectedMs).toBe(29_000);
    expect(end.gaps.map(({step, ms}) => [step, ms])).toEqual([
      ['openclaw', 0],
      ['sleep', 29_000],
    ]);
    expect(end.left.map(({id}) => id)).toEqual([
      'standby:proof:models',
      'standby:proof:live',
      'standby:proof:failover',
    ]);
  });

  it('changes nothing when a takeover began between the look and the lock', async () => {
    const model = {...finishedPair(), version: '0.2.0'};
    const {input, port, applied, commands, read} = world(model);
    const reading = await read();
    model.standby.monitorState = inState('promoting');
    await expect(runUpgrade({...input, reading}, port)).rejects.toThrow('takes over at this moment');
    expect(applied).toEqual([]);
    expect(commands.filter((one) => one.includes('release the lock'))).toHaveLength(2);
  });

  it('waits for a standby at rest where it is asked to', async () => {
    const model = finishedPair();
    model.standby.monitorState = inState('recovering');
    const {input, read, port, events} = world(model);
    setTimeout(() => (model.standby.monitorState = inState('watching')), 50);
    const reading = await readForUpgrade(
      {...input, read},
      {wait: true, emit: port.emit, signal: new AbortController().signal},
    );
    expect(reading.standby.monitorState).toMatchObject({value: {memory: {state: 'watching'}}});
    expect(events.map(({type}) => type)).toEqual(['waiting', 'waited']);
  });
});
