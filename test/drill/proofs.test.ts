import {afterEach, describe, expect, it, vi} from 'vitest';
import type {AskBot} from '../../src/drill/parts.js';
import {drillReport, type DrillReport, type StageId} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {ConnectionLost} from '../../src/errors.js';
import {stage} from './engine/stage.js';
import {at, nowMs} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
afterEach(() => on.leave());

async function drilled(options: Partial<typeof on.options> = {}): Promise<DrillReport> {
  return drillReport.parse(await runDrill(on.parts, {...on.options, ...options}, on.port));
}
const stageOf = ({stages}: DrillReport, id: StageId) => stages.find((each) => each.id === id);

describe('a real message', () => {
  const answers: AskBot = async ({onLine}) => {
    onLine('asked\u001b[2J');
    return {ok: true, answeredAtMs: nowMs() + 3_200, detail: 'pong'};
  };

  it('that is answered is a stage and a proof', async () => {
    on = stage({ask: answers});
    const report = await drilled({probeProblem: null});
    expect(stageOf(report, 'answered')?.ms).toBe(56_800);
    expect(report.proofs).toEqual([
      {kind: 'channel', ok: true, ms: 53_600, detail: 'irc backup is connected'},
      {kind: 'message', ok: true, ms: 56_800, detail: 'pong'},
    ]);
    expect(report.verdict.result).toBe('passed');
    expect(on.events).toContainEqual({type: 'say', text: 'asked'});
  });

  it('that is not answered is a failure, and the fault is taken back all the same', async () => {
    on = stage({ask: async () => ({ok: false, detail: 'no answer within 120 s'})});
    const report = await drilled({probeProblem: null});
    expect(report.verdict).toMatchObject({
      result: 'failed',
      reasons: ['The message: no answer within 120 s'],
    });
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
  });

  it('that cannot even be sent is told', async () => {
    on = stage({
      ask: async () => {
        throw new Error('spawn ENOENT');
      },
    });
    const report = await drilled({probeProblem: null});
    expect(report.verdict.reasons).toContain('spawn ENOENT');
    expect(report.left.primary).toBe('well');
  });

  it('is not waited for by somebody who leaves', async () => {
    on = stage({
      ask: ({signal}) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ok: false, detail: 'given up'}));
          on.stop.abort();
        }),
    });
    const report = await drilled({probeProblem: null});
    expect(report.verdict).toMatchObject({result: 'stopped', reasons: ['The operator ended it.']});
    expect(report.proofs.map(({kind}) => kind)).toEqual(['channel']);
  });
});

describe('whoever is told', () => {
  /** A delivery `ms` after the fault, by the clock of the standby. */
  const delivers = (ms: number, kind = 'ntfy') => {
    const begun = on.machines.onInject;
    on.machines.onInject = () => {
      begun();
      const atMs = nowMs() + ms;
      at(atMs, () => {
        const deliveredAt = new Date(atMs + on.machines.offsets.standby).toISOString();
        on.monitor.live({
          telling: {targets: [{name: 'phone', kind, deliveredAt, error: null, waiting: 0}], problem: null},
        });
      });
    };
  };

  it('of a takeover is a stage, by the clock of this machine', async () => {
    on = stage({told: true});
    on.machines.offsets.standby = 3_000;
    delivers(37_000);
    const report = await drilled();
    expect(stageOf(report, 'told')).toMatchObject({ms: 37_000, note: 'phone'});
    expect(report.verdict.result).toBe('passed');
  });

  it('a moment after the bot is there is waited for', async () => {
    on = stage({told: true});
    delivers(56_000);
    expect(stageOf(await drilled(), 'told')?.ms).toBe(56_000);
  });

  it.each([
    ['not at all', 400_000, 'ntfy'],
    ['of something before the takeover', 20_000, 'ntfy'],
    ['by a ping that says nothing of it', 37_000, 'ping'],
  ])('%s is a remark', async (_, ms, kind) => {
    on = stage({told: true});
    delivers(ms, kind);
    const report = await drilled();
    expect(report.verdict).toMatchObject({
      result: 'remarks',
      remarks: ['Nobody was seen to be told of the takeover.'],
    });
  });
});

describe('targets, and earlier drills', () => {
  it('of the pair are what it is measured against', async () => {
    on = stage();
    on.parts.pair = {...on.parts.pair, drill: {rtoS: 50, rpoS: 170}};
    const report = await drilled({force: true});
    expect(report.targets).toEqual({rtoMs: 50_000, rtoFrom: 'pair', rpoMs: 170_000});
    expect(report.verdict.reasons).toEqual([
      'A bot was there again after 53.6 s; the target is 50 s.',
      'The workspace was 3 min old; the target is 2 min.',
    ]);
  });

  it('say what was slower than usual', async () => {
    on = stage();
    on.parts.usual = (fault, id) => (fault === 'stop' && id === 'ready' ? 20_000 : null);
    expect((await drilled()).verdict).toMatchObject({
      result: 'remarks',
      remarks: ['"gateway ready" came after 53.3 s; usually after 20.0 s.'],
    });
  });
});

describe('what could not be done beside it', () => {
  it('a takeover that could not be called a test is a remark', async () => {
    on = stage();
    on.machines.onCommand = (command) => {
      if (command.includes('ask the monitor: tested')) throw new ConnectionLost('standby', 'a request');
    };
    expect((await drilled()).verdict.remarks).toEqual([
      expect.stringMatching(/counts towards the limit of takeovers/),
    ]);
  });
});
