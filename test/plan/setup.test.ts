import {describe, expect, it} from 'vitest';
import type {SplitConflict} from '../../src/channels/types.js';
import {Abort} from '../../src/errors.js';
import type {UnitFact} from '../../src/facts/types.js';
import type {Change} from '../../src/plan/change.js';
import type {Answer, Question, SetupEvent, SetupPort} from '../../src/plan/events.js';
import type {Reading} from '../../src/plan/read.js';
import {runSetup, type SetupInput} from '../../src/plan/setup.js';
import type {Host, HostName, Ran} from '../../src/ssh/host.js';
import {applyToFacts} from '../phases/apply-to-facts.js';
import {planInputOf} from '../phases/facts.js';

const conflict = (primaryAccount: string): SplitConflict => ({
  channel: 'irc',
  primaryAccount,
  standbyAccount: 'backup',
  because: 'identity',
  sentence: `irc account "${primaryAccount}" is on both nodes.`,
});

/** A host that knows only the lock; anything else that is run on it would be a fault of the engine. */
function lockHost(name: HostName, commands: string[], holder?: string): Host {
  const ok = (stdout = ''): Ran => ({code: 0, timedOut: false, stdout, stderr: '', tookMs: 1});
  return {
    name,
    target: name,
    run: async (argv) => {
      commands.push(argv.join(' '));
      return ok(argv.some((word) => word.endsWith('/readyz')) ? '200' : '');
    },
    script: async ({label}) => {
      commands.push(label);
      return ok(label.startsWith('take the lock') ? (holder ?? 'taken') : '');
    },
    read: async () => undefined,
    write: async () => {},
    follow: async function* () {},
    close: async () => {},
  };
}

function world({planned = [conflict('backup')], holder}: {planned?: SplitConflict[]; holder?: string} = {}) {
  const model = planInputOf({planned});
  const commands: string[] = [];
  const applied: string[] = [];
  let reads = 0;
  const input: SetupInput = {
    hosts: {primary: lockHost('primary', commands), standby: lockHost('standby', commands, holder)},
    pair: model.pair,
    secrets: {},
    programs: model.programs,
    reached: model.reached!,
    version: model.version,
    dryRun: false,
    read: async (): Promise<Reading> => {
      reads += 1;
      const {primary, standby, split, planned: open} = model;
      return structuredClone({primary, standby, split, planned: open});
    },
    apply: async (change: Change) => {
      applied.push(change.id);
      applyToFacts(change, model);
    },
  };
  return {model, commands, applied, input, reads: () => reads};
}

function watcher(answers: Partial<Record<Question['type'], (question: Question) => Answer>> = {}) {
  const events: SetupEvent[] = [];
  const stop = new AbortController();
  const port: SetupPort = {
    emit: (event) => void events.push(event),
    decide: async (question) =>
      answers[question.type]?.(question) ?? (question.type === 'review' ? 'apply' : 'quit'),
    stop: stop.signal,
    force: new AbortController().signal,
  };
  return {events, port, stop};
}

const failure = async (promise: Promise<unknown>): Promise<Abort> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Abort);
  return error as Abort;
};

describe('setup of a bare standby', () => {
  it('runs six phases to the end, and a second run finds nothing to do in one reading', async () => {
    const {input, applied, reads, commands, model} = world();
    const summary = await runSetup(input, watcher().port);
    expect(summary).toMatchObject({complete: true, nothingToDo: false});
    expect(summary.phases.map(({status}) => status)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
      'done',
    ]);
    expect(applied).toContain('primary:config-patch:irc:backup');
    expect(applied.at(-1)).toBe('standby:proof:failover');
    expect(commands.filter((label) => label.startsWith('release the lock'))).toHaveLength(2);

    const before = [reads(), commands.length, applied.length];
    const again = await runSetup({...input, pair: model.pair}, watcher().port);
    expect(again).toMatchObject({complete: true, nothingToDo: true});
    expect([reads(), commands.length, applied.length]).toEqual([before[0]! + 1, before[1], before[2]]);
  });
  it('tells how long the work took, without the time that was spent over the plan', async () => {
    const {input} = world();
    const {port} = watcher();
    const decide: SetupPort['decide'] = async (question) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return port.decide(question);
    };
    const began = performance.now();
    const summary = await runSetup(input, {...port, decide});
    const allMs = performance.now() - began;
    expect(summary.tookMs).toBeLessThanOrEqual(allMs - 6 * 38);
    expect(summary.phases.reduce((sum, {tookMs}) => sum + tookMs, 0)).toBeLessThanOrEqual(summary.tookMs);
  });
  it('tells the measures of the test that went well, not those of one before it', async () => {
    const {input, model} = world();
    let tries = 0;
    const apply: SetupInput['apply'] = async (change, {emit}) => {
      if (change.id === 'standby:proof:failover') {
        emit({type: 'stages', stages: [{stage: 'noticed'}]});
        emit({type: 'measure', measure: {stage: 'noticed', ms: ++tries}});
        if (tries === 1) throw new Abort('It did not take over.');
      }
      applyToFacts(change, model);
    };
    const summary = await runSetup({...input, apply}, watcher({failed: () => 'retry'}).port);
    expect(summary.measures).toEqual([{stage: 'noticed', ms: 2}]);
  });
  it('does not try the second login before the primary has let go of the account', async () => {
    const {input, applied} = world();
    await runSetup(input, watcher().port);
    const released = applied.indexOf('primary:config-patch:irc:backup');
    for (const id of ['standby:proof:approve-split', 'standby:proof:live', 'standby:proof:failover']) {
      expect(applied.indexOf(id)).toBeGreaterThan(released);
    }
  });
  it('tries the channel already in phase 3 when the primary never had it', async () => {
    const {input, applied} = world({planned: []});
    await runSetup(input, watcher().port);
    expect(applied.indexOf('standby:proof:live')).toBeLessThan(
      applied.findIndex((id) => id.includes('openclaw-health-monitor')),
    );
  });
});

describe('dry run', () => {
  it('plans all six phases and touches nothing', async () => {
    const {input, commands, applied} = world();
    const {port, events} = watcher();
    await runSetup({...input, dryRun: true}, port);
    expect(
      events
        .filter((event) => event.type === 'phase')
        .map((event) => event.type === 'phase' && event.changes!.length > 0),
    ).toEqual(Array.from({length: 6}, () => true));
    expect([commands, applied]).toEqual([[], []]);
  });
  it('prints the plan and then ends with 5 on a split conflict', async () => {
    const {input} = world({planned: [conflict('main')]});
    const {port, events} = watcher();
    expect((await failure(runSetup({...input, dryRun: true}, port))).exit).toBe(5);
    expect(events.filter(({type}) => type === 'phase')).toHaveLength(6);
  });
});

describe('what setup refuses before anything is changed', () => {
  it('a login that both nodes would have, named exactly', async () => {
    const {input, commands, applied} = world({planned: [conflict('main')]});
    const error = await failure(runSetup(input, watcher().port));
    expect([error.exit, error.message]).toEqual([5, 'Irc account "main" is on both nodes.']);
    expect([commands, applied]).toEqual([[], []]);
  });
  it('hosts that are unfit', async () => {
    const {input, model, commands} = world();
    model.standby.os = {...model.standby.os, versionId: '11', prettyName: 'Debian 11'};
    const error = await failure(runSetup(input, watcher().port));
    expect(error.message).toBe('The standby runs Debian 11.');
    expect(commands).toEqual([]);
  });
  it('a pair that somebody else is changing, naming them', async () => {
    const {input, applied} = world({
      holder: JSON.stringify({
        who: 'ana',
        machine: 'elsewhere',
        pid: 1,
        nonce: '3d1a6f0e-7c7b-4a57-9d5e-0f6b7b0d9f11',
        when: '2026-11-20T10:00:00Z',
        why: 'setup of the pair default',
      }),
    });
    const error = await failure(runSetup(input, watcher().port));
    expect(error.message).toBe(
      'The standby is locked: ana@elsewhere since 2026-11-20T10:00:00Z (setup of the pair default).',
    );
    expect(applied).toEqual([]);
  });
});

describe('an unknown split', () => {
  it('is not disjoint: nothing is disabled, nothing logged in', async () => {
    const {input, model, applied} = world({planned: []});
    model.split = {
      state: 'unknown',
      reasons: [{host: 'primary', reason: 'discord token comes from an exec reference'}],
    };
    const error = await failure(runSetup(input, watcher().port));
    expect(error.exit).toBe(5);
    expect(error.message).toContain('discord token comes from an exec reference (primary)');
    expect(applied.filter((id) => /proof:(?:live|approve|failover)|config-patch/.test(id))).toEqual([]);
  });
});

/** A transient timer on the primary that has not fired yet. */
const armed: UnitFact = {
  loadState: 'loaded',
  activeState: 'active',
  subState: 'waiting',
  unitFileState: 'transient',
  result: 'success',
  needDaemonReload: false,
  mainPid: 0,
  restarts: 0,
  activeSinceMs: 1,
  fragmentPath: '',
};

describe('after a run that was cut in the middle of the failover test', () => {
  it('starts the primary again at once and disarms its timer, before anything else', async () => {
    const {input, model, commands} = world();
    model.primary.units['openclaw-failover-revert.timer'] = armed;
    const apply = input.apply!;
    const seen: number[] = [];
    const told = {
      ...input,
      apply: async (...given: Parameters<typeof apply>) => {
        seen.push(commands.length);
        await apply(...given);
      },
    };
    await runSetup(told, watcher().port);
    const start = commands.findIndex((text) => text.includes('start openclaw-gateway.service'));
    expect(start).toBeGreaterThan(-1);
    expect(commands).toContain('systemctl stop openclaw-failover-revert.timer');
    expect(start).toBeLessThan(seen[0]!);
  });
});

describe('after a run that was cut in the middle of an edit of the primary', () => {
  it('lets the primary judge the edit now, before its timer could undo it in the middle of something else', async () => {
    const {input, model, commands} = world();
    model.primary.units['openclaw-failover-config-undo.timer'] = armed;
    await runSetup(input, watcher().port);
    const judged = commands.indexOf('systemctl start openclaw-failover-config-undo.service');
    expect(judged).toBeGreaterThan(-1);
    expect(commands.indexOf('systemctl stop openclaw-failover-config-undo.timer')).toBeGreaterThan(judged);
  });
});

describe('while it runs', () => {
  it('a failed step can be tried again, from what the hosts say then', async () => {
    const {input, applied} = world();
    let left = 2;
    const apply = input.apply!;
    const flaky: SetupInput = {
      ...input,
      apply: async (change, context) => {
        if (change.id === 'standby:node' && (left -= 1) >= 0) throw new Abort('The mirror is down.');
        await apply(change, context);
      },
    };
    const {port, events} = watcher({failed: () => 'retry'});
    expect(await runSetup(flaky, port)).toMatchObject({complete: true});
    expect(events.filter((event) => event.type === 'change' && event.status === 'failed')).toHaveLength(2);
    expect(applied.filter((id) => id === 'standby:node')).toHaveLength(1);
  });
  it('a skipped phase leaves the later ones blocked, and the pair incomplete', async () => {
    const {input, applied} = world();
    const {port} = watcher({
      review: (question) => (question.type === 'review' && question.phase === 'install' ? 'skip' : 'apply'),
    });
    const summary = await runSetup(input, port);
    expect(summary.complete).toBe(false);
    expect(summary.phases.map(({status}) => status)).toEqual([
      'done',
      'skipped',
      'blocked',
      'blocked',
      'blocked',
      'blocked',
    ]);
    expect(applied).not.toContain('primary:config-patch:irc:backup');
  });
  it('Ctrl+C lets the step in hand finish, then says where things stand (130)', async () => {
    const {input, applied} = world();
    const {port, stop} = watcher();
    const apply = input.apply!;
    const stopping: SetupInput = {
      ...input,
      apply: async (change, context) => {
        if (change.id === 'standby:firewall') stop.abort();
        await apply(change, context);
      },
    };
    const error = await failure(runSetup(stopping, port));
    expect(error.exit).toBe(130);
    expect(applied.at(-1)).toBe('standby:firewall');
  });
  it('what a phase made possible is done by the same phase', async () => {
    const {input, model, applied} = world({planned: []});
    model.split = {state: 'conflict', conflicts: [conflict('main')], primary: [], standby: []};
    const apply = input.apply!;
    const mending: SetupInput = {
      ...input,
      apply: async (change, context) => {
        await apply(change, context);
        if (change.kind === 'gateway-config') model.split = {state: 'disjoint', primary: [], standby: []};
      },
    };
    expect(await runSetup(mending, watcher().port)).toMatchObject({complete: true});
    expect(applied.indexOf('standby:proof:live')).toBeGreaterThan(applied.indexOf('standby:gateway-config'));
  });
  it('a change that does not stick is told instead of being called done', async () => {
    const {input} = world();
    const apply = input.apply!;
    const broken: SetupInput = {
      ...input,
      apply: async (change, context) => {
        if (change.id !== 'standby:user:openclaw') await apply(change, context);
      },
    };
    const error = await failure(runSetup(broken, watcher().port));
    expect(error.message).toBe('Phase 1 was applied, but this differs still: user openclaw, without sudo.');
  });
});
