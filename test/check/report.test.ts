import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {publicReport} from '../../src/check/json.js';
import {checkReport, exitOfCheck} from '../../src/check/report.js';
import type {Seen} from '../../src/check/seen.js';
import {Exit, type ExitCode} from '../../src/errors.js';
import {keyedHash} from '../../src/phases/wants.js';
import {layout, units} from '../../src/templates/layout.js';
import {conflictSplit, lost} from '../screens/watch/model/sample-parts.js';
import {activeSample, pausedSample} from '../screens/watch/model/samples.js';
import {
  edited,
  finishedInput,
  seenOf,
  seenWell,
  withFacts,
  withHost,
  without,
  withSample,
} from './finished.js';

const unit = `/etc/systemd/system/${units.gateway}`;
const gone = (host: 'primary' | 'standby') => (seen: Seen) =>
  without(withHost(seen, host, {link: lost(75_000, 'no route to it')}), host);
const editedUnit = () => {
  const input = finishedInput();
  edited(input, 'standby', unit);
  return seenOf(input);
};

describe('the exit code', () => {
  it.each<[string, () => Seen, ExitCode]>([
    ['a pair that is well, tips or not', seenWell, Exit.ok],
    ['a unit that was edited', editedUnit, Exit.degraded],
    [
      'something that only this version would write otherwise',
      () => seenOf({...finishedInput(), version: '0.2.0'}),
      Exit.degraded,
    ],
    [
      'a drop-in, which setup leaves alone',
      () => {
        const input = finishedInput();
        input.standby.units[units.monitor]!.dropIns = ['/etc/systemd/system/x.d/y.conf'];
        return seenOf(input);
      },
      Exit.degraded,
    ],
    [
      'a warning',
      () => withFacts(seenWell(), 'standby', {memory: {totalBytes: 4e9, availableBytes: 1e8}}),
      Exit.degraded,
    ],
    ['a paused pair', () => ({...seenWell(), sample: pausedSample()}), Exit.degraded],
    ['a standby in force', () => ({...seenWell(), sample: activeSample()}), Exit.degraded],
    ['a primary that does not answer', () => gone('primary')(seenWell()), Exit.unreachable],
    ['a standby that does not answer', () => gone('standby')(seenWell()), Exit.unreachable],
    ['a host that answers and cannot be read', () => without(seenWell(), 'primary'), Exit.degraded],
    ['one login on both hosts', () => withSample(seenWell(), {split: conflictSplit}), Exit.split],
    [
      'one login on both, as far as it is known, and a host that has gone since',
      () => gone('primary')(withSample(seenWell(), {split: conflictSplit})),
      Exit.split,
    ],
  ])('of %s', (_, seen, code) => expect(exitOfCheck(checkReport(seen()))).toBe(code));
});

describe('why a file is not what setup would write', () => {
  const becauseOf = (seen: Seen) => {
    const {changes} = checkReport(seen);
    if (!changes.known) throw new Error(changes.reason);
    return Object.fromEntries(
      changes.phases.flatMap((phase) => phase.changes.map(({id, because}) => [id, because])),
    );
  };
  const id = `standby:file:${unit}`;

  it('it was changed on the host', () => expect(becauseOf(editedUnit())).toEqual({[id]: 'changed'}));
  it('its mode was', () => {
    const input = finishedInput();
    input.standby.files[unit]!.mode = 0o600;
    expect(becauseOf(seenOf(input))).toEqual({[id]: 'changed'});
  });
  it('it is gone', () => {
    const input = finishedInput();
    input.standby.files[unit] = null;
    expect(becauseOf(seenOf(input))).toEqual({[id]: 'gone'});
  });
  it('another version wrote it', () => {
    const because = becauseOf(seenOf({...finishedInput(), version: '0.2.0'}));
    expect(because[id]).toBe('version');
    expect(because[`standby:file:${layout.manifest}`]).toBe('version');
    expect(new Set(Object.values(because))).toEqual(new Set(['version', undefined]));
  });
  it('the same version would write it otherwise: the pair was decided anew', () => {
    const input = finishedInput();
    input.pair = {...input.pair, monitor: {...input.pair.monitor, failback: 'manual'}};
    expect(becauseOf(seenOf(input))).toMatchObject({[`standby:file:${layout.monitorSettings}`]: 'decided'});
  });
  it('nobody has written it yet', () => {
    const input = finishedInput();
    input.standby.files[unit] = null;
    const manifest = JSON.parse(input.standby.files[layout.manifest]!.content!) as {files: {path: string}[]};
    const files = manifest.files.filter(({path}) => path !== unit);
    edited(input, 'standby', layout.manifest, JSON.stringify({...manifest, files}));
    expect(becauseOf(seenOf(input))[id]).toBe('new');
  });
  it('nothing is said where nothing was noted', () => {
    const input = finishedInput();
    edited(input, 'standby', unit);
    input.standby.files[layout.manifest] = null;
    expect(becauseOf(seenOf(input))[id]).toBeUndefined();
  });
});

const host = z.enum(['primary', 'standby']);
const time = z.iso.datetime();
/** The schema of docs/check.md: nothing else is in it. */
const schema = z.strictObject({
  pair: z.string(),
  at: time,
  version: z.string(),
  exit: z.union([z.literal(0), z.literal(3), z.literal(4), z.literal(5)]),
  verdict: z.strictObject({state: z.string(), words: z.string(), sentence: z.string()}),
  split: z.looseObject({state: z.enum(['disjoint', 'conflict', 'unknown'])}),
  changes: z.discriminatedUnion('known', [
    z.strictObject({known: z.literal(false), host, reason: z.string()}),
    z.strictObject({
      known: z.literal(true),
      count: z.int(),
      phases: z
        .array(
          z.strictObject({
            phase: z.string(),
            number: z.int(),
            title: z.string(),
            changes: z.array(
              z.strictObject({
                id: z.string(),
                host,
                kind: z.string(),
                title: z.string(),
                why: z.string().optional(),
                disruptive: z.boolean(),
                diff: z.string().optional(),
                because: z.enum(['changed', 'gone', 'version', 'decided', 'new']).optional(),
              }),
            ),
          }),
        )
        .length(6),
    }),
  ]),
  drift: z.strictObject({primary: z.unknown(), standby: z.unknown()}).pipe(
    z.record(
      host,
      z.discriminatedUnion('known', [
        z.strictObject({known: z.literal(false), reason: z.string()}),
        z.strictObject({
          known: z.literal(true),
          since: time.nullable(),
          writtenBy: z.string().nullable(),
          items: z.array(
            z.strictObject({
              kind: z.enum(['changed', 'gone', 'owner', 'drop-in', 'unit', 'config', 'key', 'user']),
              what: z.string(),
              says: z.string(),
              changedAt: time.nullable(),
              do: z.string(),
            }),
          ),
          unnoted: z.array(z.string()),
        }),
      ]),
    ),
  ),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      level: z.enum(['ok', 'tip', 'warning', 'problem', 'unknown']),
      host: host.optional(),
      says: z.string(),
      do: z.string().optional(),
    }),
  ),
});

describe('as JSON', () => {
  it.each<[string, () => Seen]>([
    ['a pair that is well', seenWell],
    ['a unit that was edited', editedUnit],
    ['another version', () => seenOf({...finishedInput(), version: '0.2.0'})],
    ['a primary that does not answer', () => gone('primary')(seenWell())],
    ['a split conflict', () => withSample(seenWell(), {split: conflictSplit})],
  ])('%s is of the schema in the documentation', (_, seen) => {
    const report = checkReport(seen());
    const text = JSON.stringify(publicReport(report));
    expect(schema.parse(JSON.parse(text)).exit).toBe(exitOfCheck(report));
  });

  it('holds no fingerprint and no control character, whatever a host says', () => {
    const input = finishedInput();
    input.standby.guard = {known: true, value: {ok: false, reason: 'an\u001b[31m account'}};
    const text = JSON.stringify(publicReport(checkReport(seenOf(input))));
    expect(text).not.toContain('fp-irc');
    expect(text).not.toContain(keyedHash(input.standby.key, 'x').slice(0, 8));
    expect(text).not.toContain('\\u001b');
  });
});
