import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {drillPort, type ClosableDrillPort, type PortOptions} from '../../../src/cli/drill/port.js';
import type {Mode} from '../../../src/cli/terminal.js';
import type {DrillRecord} from '../../../src/drill/record.js';
import {WatchStore} from '../../../src/screens/watch/model/store.js';
import {drillView, longStop} from '../../screens/drill/views.js';
import {fakePrompter, type Reply} from '../fake-prompter.js';

let stdout: string;
let stderr: string;
let port: ClosableDrillPort | undefined;
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(async () => {
  await port?.close();
  vi.restoreAllMocks();
});

const record: DrillRecord = {
  version: 1,
  id: '2026-11-20T1400',
  pair: 'home',
  fault: 'stop',
  startedAt: '2026-11-20T14:00:00.000Z',
  who: 'anna',
  machine: 'desk',
  pid: 4711,
  faultAtMs: 1,
  stoppingMs: null,
  revertAtMs: 2,
  targets: {rtoMs: null, rtoFrom: 'promise', rpoMs: null},
  checks: [],
  forced: false,
  workspace: {rpoMs: 90_000, behind: 1, dirty: 2},
};

const screen = vi.hoisted(() => ({draw: async (): Promise<void> => undefined}));
vi.mock('../../../src/screens/drill/screen.js', () => ({drillScreen: async () => screen.draw()}));

function made(
  output: 'plain' | 'json' | 'screen',
  change: Partial<PortOptions> & {ask?: boolean; replies?: Reply[]} = {},
) {
  const {ask = true, replies = [], ...rest} = change;
  const mode: Mode = {ask, yes: false, output, verbose: false};
  const prompter = fakePrompter(replies);
  port = drillPort({
    pair: 'home',
    mode,
    force: false,
    confirmed: false,
    mending: false,
    prompter,
    store: new WatchStore({pair: 'home'}),
    halfDone: undefined,
    ...rest,
  });
  return {port, prompter};
}
const lines = () =>
  stdout
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('whether a drill may begin', () => {
  it.each(['plain', 'json'] as const)('needs no question where the pair was named (%s)', async (output) => {
    const {port: at, prompter} = made(output, {confirmed: true});
    expect(await at.confirm()).toBe(true);
    expect(prompter.asked).toEqual([]);
  });

  it('is asked for by the name of the pair, which is the only thing that is taken', async () => {
    expect(await made('plain', {replies: [[/Type home to begin/, ' home ']]}).port.confirm()).toBe(true);
    await port!.close();
    await expect(made('plain', {replies: [[/Type home/, 'yes']]}).port.confirm()).rejects.toThrow(
      'this is not home',
    );
  });

  it('is no where nobody can be asked', async () => {
    expect(await made('plain', {ask: false}).port.confirm()).toBe(false);
    await port!.close();
    expect(await made('json').port.confirm()).toBe(false);
  });
});

describe('a drill that was found half-done', () => {
  it.each(['plain', 'json'] as const)('is what the command line says (%s)', async (output) =>
    expect(await made(output, {halfDone: 'finish'}).port.halfDone(record)).toBe('finish'),
  );

  it.each(['plain', 'json'] as const)('is taken back where nobody can be asked (%s)', async (output) =>
    expect(await made(output, {ask: false}).port.halfDone(record)).toBe('revert'),
  );

  it('is asked about, and can only be finished where its fault was made', async () => {
    const {port: at, prompter} = made('plain', {
      replies: [
        [/become of it/, 'leave'],
        [/become of it/, 'revert'],
      ],
    });
    expect(await at.halfDone(record)).toBe('leave');
    expect(await at.halfDone({...record, faultAtMs: null})).toBe('revert');
    const choices = prompter.asked.map(({choices: all}) => all?.map(({value}) => value));
    expect(choices).toEqual([
      ['revert', 'finish', 'leave'],
      ['revert', 'leave'],
    ]);
  });
});

describe('as JSON lines', () => {
  it('each stage is one object, once, with its time', () => {
    const {port: at} = made('json');
    at.emit({type: 'view', view: longStop()});
    at.emit({type: 'view', view: drillView()});
    at.emit({type: 'view', view: drillView()});
    expect(lines().map(({type, id, ms}) => [type, id, ms])).toEqual([
      ['stage', 'fault', 0],
      ['stage', 'first-bad', 2_400],
      ['stage', 'asked', 2_800],
      ['stage', 'verdict', 33_400],
    ]);
    expect(lines()[0]).toMatchObject({at: '2026-11-20T14:20:55.000Z', note: ''});
  });

  it('everything else is what it is, and of a record only what is meant for others', () => {
    const {port: at} = made('json');
    const checks = [{id: 'a', sign: 'ok', say: 'Well.'}] as const;
    at.emit({type: 'doing', say: 'looking at both hosts'});
    at.emit({type: 'checks', checks, impact: ['Stops it.'], goes: true});
    at.emit({type: 'half-done', record, say: ['It began.']});
    expect(lines()).toEqual([
      {type: 'doing', say: 'looking at both hosts'},
      {type: 'checks', checks, impact: ['Stops it.'], goes: true},
      {type: 'half-done', id: record.id, fault: 'stop', startedAt: record.startedAt, say: ['It began.']},
    ]);
  });

  it('nothing is said on stderr', () => {
    made('json').port.emit({type: 'say', text: 'asked'});
    expect(stderr).toBe('');
  });
});

describe('in lines', () => {
  it('the checklist and what the fault does are told, then the stages, each once with its time of day', () => {
    const {port: at} = made('plain');
    at.emit({type: 'doing', say: 'looking at both hosts'});
    at.emit({
      type: 'checks',
      checks: [{id: 'a', sign: 'ok', say: 'All is well.'}],
      impact: ['Stops it.'],
      goes: true,
    });
    at.emit({type: 'view', view: drillView()});
    at.emit({type: 'view', view: drillView()});
    expect(stderr).toContain('Looking at both hosts …');
    expect(stderr).toContain('✔ All is well.');
    expect(stderr).toContain('Stops it.');
    expect(stderr.match(/\[\d\d:\d\d:\d\d\] verdict \+33\.4 s/g)).toHaveLength(1);
    expect(stdout).toBe('');
  });

  it('what a fault does is not told of one that is not made', () => {
    const {port: at} = made('plain');
    at.emit({
      type: 'checks',
      checks: [{id: 'a', sign: 'stop', say: 'It is paused.'}],
      impact: ['Stops it.'],
      goes: false,
    });
    expect(stderr).toContain('✖ It is paused.');
    expect(stderr).not.toContain('Stops it.');
  });
});

describe('Ctrl+C', () => {
  const press = () => process.emit('SIGINT');

  it.each(['plain', 'json'] as const)('stops, and the second time leaves at once (%s)', (output) => {
    const {port: at} = made(output);
    expect([at.stop.aborted, at.force.aborted]).toEqual([false, false]);
    press();
    expect([at.stop.aborted, at.force.aborted]).toEqual([true, false]);
    press();
    expect(at.force.aborted).toBe(true);
  });

  it('says what it does: nothing is broken before the first stage', () => {
    const {port: at} = made('plain');
    press();
    expect(stderr).toContain('Leaving; nothing was broken.');
    expect(at.stop.aborted).toBe(true);
  });

  it.each(['plain', 'screen'] as const)(
    'says nothing of what is broken, of one that was cut off and is only looked at yet (%s)',
    (output) => {
      made(output, {mending: true});
      press();
      expect(stderr).toContain('Leaving.');
      expect(stderr).not.toContain('nothing was broken');
    },
  );

  it('says that the fault is taken back first', () => {
    made('plain').port.emit({type: 'view', view: drillView()});
    press();
    expect(stderr).toContain('Taking the fault back, then leaving. Ctrl+C again leaves at once.');
  });

  it('is told to programs as well', () => {
    made('json');
    press();
    expect(lines()).toEqual([{type: 'stopping'}]);
  });

  it('has its usual meaning again when the port is closed', async () => {
    const before = process.listenerCount('SIGINT');
    const {port: at} = made('plain');
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    await at.close();
    await at.close();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('on a screen', () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('what comes before the stages is told in lines, and the stages are drawn', async () => {
    const draw = vi.spyOn(screen, 'draw').mockResolvedValue();
    const {port: at} = made('screen');
    at.emit({type: 'doing', say: 'looking at both hosts'});
    expect(stderr).toContain('Looking at both hosts …');
    expect(draw).not.toHaveBeenCalled();
    stderr = '';
    at.emit({type: 'view', view: drillView()});
    at.emit({type: 'say', text: 'asked'});
    at.emit({type: 'view', view: drillView()});
    await settle();
    expect(draw).toHaveBeenCalledOnce();
    expect(stderr).toBe('');
  });

  it('that breaks, a drill goes on in lines, with everything that was reached', async () => {
    vi.spyOn(screen, 'draw').mockRejectedValue(new Error('no raw mode'));
    const {port: at} = made('screen');
    at.emit({type: 'view', view: drillView()});
    await settle();
    expect(stderr).toContain('The screen broke (no raw mode); it goes on in lines.');
    at.emit({type: 'view', view: drillView()});
    at.emit({type: 'view', view: drillView()});
    at.emit({type: 'say', text: 'asked'});
    expect(stderr.match(/\[\d\d:\d\d:\d\d\] verdict \+33\.4 s/g)).toHaveLength(1);
    expect(stderr).toContain('  asked');
    process.emit('SIGINT');
    expect(stderr).toContain('Taking the fault back, then leaving.');
    await expect(at.close()).resolves.toBeUndefined();
  });
});
