import {describe, expect, it} from 'vitest';
import type {Act} from '../../../src/monitor/hand/act.js';
import {checksOf} from '../../../src/monitor/hand/checks.js';
import type {Seen} from '../../../src/monitor/hand/look.js';
import {atRest, gone, saying} from './look-of-tests.js';

const pause: Act = {name: 'pause', ms: 1_800_000, why: 'kernel'};
const resume: Act = {name: 'resume'};
const promote: Act = {name: 'promote', why: ''};
const demote: Act = {name: 'demote'};
const active = {state: 'active', inStateMs: 600_000, probe: gone};
const well = {class: 'ok', detail: '', tookMs: 3};

/** Every check as `sign sentence`, and how it ends before anything is asked. */
function told(act: Act, seen: Seen): string[] {
  const {checks, end, joins} = checksOf(act, seen);
  return [
    ...checks.map(({sign, say}) => `${sign} ${say}`),
    ...(end ? [`→ ${end.result} ${end.exit}: ${end.say}`] : []),
    ...(joins ? ['→ joins'] : []),
  ];
}

describe('before a takeover by hand', () => {
  it('with the primary gone and all in order, nothing stands against it', () => {
    expect(told(promote, saying({state: 'suspect', inStateMs: 12_000, probe: gone}))).toEqual([
      'ok The monitor runs: suspect for 12 s: the standby sleeps, the primary is in doubt.',
      'ok The primary is not well (refused, ECONNREFUSED, 1 ms).',
      'ok The channel split is disjoint.',
      'ok The config of the standby holds only the approved account.',
      'ok The workspace was fetched 3 min ago.',
      'ok The model answered with these credentials when setup tried it.',
    ]);
  });

  it('with the primary well, it says that both bots will be up', () => {
    expect(told(promote, atRest)).toContain(
      'warn The primary answers (ok, 3 ms): both bots will be up, each with its own account.',
    );
    expect(checksOf(promote, atRest).end).toBeUndefined();
  });

  it.each<[string, Seen, string]>([
    [
      'a split conflict',
      {...atRest, split: {state: 'conflict', sentence: 'irc account "x" is enabled on both nodes.'}},
      '→ conflict 5: irc account "x" is enabled on both nodes.',
    ],
    [
      'a config that the guard refuses',
      {...atRest, guard: {ok: false, reason: 'irc account "main" is not approved.'}},
      '→ conflict 5: The split guard refuses the config of the standby: irc account "main" is not approved.',
    ],
    [
      'a monitor that does not run',
      {...atRest, unit: 'failed'},
      '→ refused 1: The monitor does not run (its unit is failed).',
    ],
    [
      'a monitor that has written nothing',
      {...atRest, live: null},
      '→ refused 1: The monitor has written nothing since this host booted.',
    ],
    [
      'a monitor that stands still',
      saying({ageMs: 61_000}),
      '→ refused 1: The monitor stands still: it has written nothing for 1 min 1 s.',
    ],
    [
      'a standby on its way back to sleep',
      saying({state: 'demoting'}),
      '→ refused 1: The standby is on its way back to sleep: wait until it sleeps, then ask again.',
    ],
    ['a standby that is active', saying(active), '→ nothing-to-do 0: The standby has taken over already.'],
    [
      'a standby in recovery',
      saying({state: 'recovering'}),
      '→ nothing-to-do 0: The standby has taken over already.',
    ],
    ['a takeover in hand', saying({state: 'promoting'}), '→ joins'],
  ])('%s: %#', (_what, seen, last) => expect(told(promote, seen).at(-1)).toBe(last));

  it.each<[string, Seen, string]>([
    [
      'a pause',
      saying({pausedMs: 720_000}, {pause: {leftMs: 720_000, why: 'kernel'}}),
      'warn A pause is in force for another 12 min (kernel). A takeover by hand goes past it.',
    ],
    [
      'the limit of takeovers',
      {...atRest, limitLeftMs: 300_000},
      'warn The limit of takeovers is reached for 5 min; this one goes past it.',
    ],
    [
      'an old workspace',
      {...atRest, workspaceAgeMs: 5_400_000},
      'warn The workspace was fetched 1 h 30 min ago.',
    ],
    [
      'a workspace of unknown age',
      {...atRest, workspaceAgeMs: null},
      'warn It is not known how old the workspace is.',
    ],
    [
      'a standby that is not ready',
      {...atRest, unready: 'the config is refused'},
      "warn The standby's own check says that a takeover would not work: the config is refused.",
    ],
    [
      'models that were never tried',
      {...atRest, modelsProven: false},
      'warn Setup has not proven the model credentials: the bot may be there and not answer.',
    ],
    [
      'a split that could not be read',
      {...atRest, split: {state: 'unknown', sentence: 'The split is unknown.'}},
      'warn The split is unknown.',
    ],
    [
      'a guard that could not be asked',
      {...atRest, guard: null},
      'warn The split guard could not be asked; it is asked again before the gateway starts.',
    ],
    [
      'a standby that is offline',
      saying({probe: {class: 'own-network-bad', detail: 'ENETUNREACH', tookMs: 0}}),
      "warn This host's own network failed (own-network-bad, ENETUNREACH, 0 ms): the bot may not come online.",
    ],
  ])('warns of %s and goes on', (_what, seen, check) => {
    expect(told(promote, seen)).toContain(check);
    expect(checksOf(promote, seen).end).toBeUndefined();
  });
});

describe('before giving back', () => {
  it('says that a turn in hand is finished first', () => {
    expect(told(demote, saying({...active, state: 'recovering', probe: well}))).toEqual([
      'ok The monitor runs: recovering for 10 min: the standby is active, the primary answers.',
      'ok The primary answers (ok, 3 ms).',
      'ok A turn in hand is finished first, for at most 5 min; what changed in the workspace is kept.',
    ]);
  });
  it.each<[string, Seen, string]>([
    [
      'a primary that is still gone',
      saying(active),
      'warn The primary is not well (refused, ECONNREFUSED, 1 ms): the standby gives back as soon as it is, and stays active until then.',
    ],
    [
      'too many takeovers',
      saying({...active, latchedMs: 60_000}),
      'warn The primary came and went too often: look at why, or it will be taken over from again.',
    ],
    [
      'a takeover by hand',
      saying({...active, byHand: true}),
      'ok It was made active by hand, and stays until it is asked to give back.',
    ],
    [
      'manual failback',
      saying(active, {failback: 'manual'}),
      'ok Failback is manual: it gives back only when it is asked to.',
    ],
  ])('tells of %s', (_what, seen, check) => {
    expect(told(demote, seen)).toContain(check);
    expect(checksOf(demote, seen).end).toBeUndefined();
  });
  it.each<[string, Seen, string]>([
    ['asleep', atRest, '→ nothing-to-do 0: The standby sleeps already: there is nothing to give back.'],
    [
      'blocked',
      saying({state: 'blocked'}),
      '→ nothing-to-do 0: The standby sleeps already: there is nothing to give back.',
    ],
    ['giving back', saying({state: 'demoting'}), '→ joins'],
    [
      'paused',
      saying({...active, pausedMs: 60_000}, {pause: {leftMs: 60_000, why: 'disk'}}),
      '→ refused 1: A pause is in force for another 1 min (disk). It holds the give-back too: end it first with "resume".',
    ],
  ])('a standby that is %s', (_what, seen, last) => expect(told(demote, seen).at(-1)).toBe(last));
});

describe('before a pause', () => {
  it('at rest there is little to say', () =>
    expect(told(pause, atRest)).toEqual([
      'ok The monitor runs: watching for 3 h: the standby sleeps.',
      'ok The primary answers (ok, 3 ms).',
    ]));
  it.each<[string, Seen, string]>([
    [
      'an active standby',
      saying(active),
      'warn The standby is active: while paused it does not give back either.',
    ],
    [
      'a primary that is down',
      saying({state: 'suspect', probe: gone}),
      'warn The primary is not well now (refused, ECONNREFUSED, 1 ms): while paused nobody takes over.',
    ],
    [
      'a takeover in hand',
      saying({state: 'promoting', probe: gone}),
      'warn What has begun is brought to its end first; the pause holds what would come after.',
    ],
    [
      'a pause that is there',
      saying({pausedMs: 300_000}, {pause: {leftMs: 300_000, why: 'disk'}}),
      'warn A pause is in force for another 5 min (disk). The new pause takes its place.',
    ],
  ])('tells of %s', (_what, seen, check) => {
    expect(told(pause, seen)).toContain(check);
    expect(checksOf(pause, seen).end).toBeUndefined();
  });
  it('is refused where no monitor would hear it', () =>
    expect(told(pause, {...atRest, unit: 'stopped'}).at(-1)).toBe(
      '→ refused 1: The monitor does not run (its unit is stopped).',
    ));
});

describe('before the end of a pause', () => {
  it('says which one ends', () =>
    expect(told(resume, saying({pausedMs: 61_000}, {pause: {leftMs: 61_000, why: 'disk'}})).at(-1)).toBe(
      'warn A pause is in force for another 61 s (disk).',
    ));
  it('says that there is none', () =>
    expect(told(resume, atRest).at(-1)).toBe('→ nothing-to-do 0: Nothing is paused.'));
  it('takes the file away also where no monitor runs', () => {
    const seen = {...atRest, unit: 'stopped', pause: {leftMs: 60_000, why: ''}};
    expect(told(resume, seen)).toEqual([
      'warn The monitor does not run (its unit is stopped).',
      'warn A pause is in force for another 1 min.',
    ]);
    expect(told(resume, {...seen, pause: null}).at(-1)).toMatch(/^→ refused 1/);
  });
});
