import {z} from 'zod';
import {probeClasses, type Asked, type Interrogation, type UnitView} from '../monitor/evidence.js';
import type {Reason} from '../monitor/verdict.js';

/** What the monitor heard, as it stands in a file from a host: judged before anything is decided from it again. */

export const probeClass = z.enum(probeClasses);

export const reason = z.enum([
  'isolated',
  'partition',
  'draining',
  'failed',
  'starting',
  'stopped',
  'wrong',
  'hung',
  'unbound',
  'other-host',
  'silent',
  'frozen',
  'plain-hung',
  'plain',
  'classic',
] as const satisfies readonly Reason[]);

const ms = z.number();
const text = z.string();
const path = z.enum(['private', 'public']);

const report = z.object({
  unit: z.enum(['active', 'activating', 'deactivating', 'inactive', 'failed', 'absent', 'unknown']),
  result: text,
  exitCode: z.number(),
  restarts: z.number(),
  bootId: text,
  uptimeS: z.number(),
  loopback: z.enum(['ok', 'starting', 'draining', 'bad', 'hung', 'refused', 'unknown']),
  listens: z.enum(['private', 'loopback', 'all', 'nowhere', 'unknown']),
  ready: z.enum(['yes', 'no', 'unknown']).optional(),
  failing: text.optional(),
  suppressed: text.optional(),
});

const asked: z.ZodType<Asked> = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('report'), report, path, tookMs: ms}),
  z.object({kind: z.literal('refused'), path, detail: text}),
  z.object({kind: z.literal('slow'), path, detail: text}),
  z.object({kind: z.enum(['other-host', 'mute', 'silent', 'unavailable']), detail: text}),
]) as z.ZodType<Asked>;

export const answers = z.object({
  asked,
  publicPath: z.object({alive: z.boolean(), detail: text}).nullable(),
  witness: z.object({alive: z.boolean(), by: text}),
}) satisfies z.ZodType<Interrogation>;

const unit: z.ZodType<UnitView> = z.object({
  state: z.enum(['running', 'starting', 'stopping', 'stopped', 'failed', 'unknown']),
  result: text,
  exitCode: z.number(),
});
const handled = z.object({
  role: z.enum(['active', 'standby']),
  seq: z.number(),
  code: z.number(),
  why: text.optional(),
});
const probe = z.object({class: probeClass, tookMs: ms, detail: text});

export const happening = z.discriminatedUnion('on', [
  z.object({on: z.literal('start'), rebooted: z.boolean()}),
  z.object({on: z.literal('tick')}),
  z.object({on: z.literal('gap'), ms}),
  z.object({on: z.literal('probe'), startedMs: ms, probe}),
  z.object({on: z.literal('answers'), startedMs: ms, answers}),
  z.object({on: z.literal('unit'), unit, handled: handled.nullable()}),
  z.object({on: z.literal('gateway'), gateway: z.object({live: z.boolean(), ready: z.boolean()})}),
  z.object({
    on: z.literal('channel'),
    channel: z.object({connected: z.boolean(), detail: text, seq: z.number()}),
  }),
  z.object({on: z.literal('pause'), untilMs: ms, why: text, id: text}),
  z.object({on: z.literal('resume')}),
  z.object({on: z.literal('failback')}),
  z.object({on: z.literal('promote'), why: text}),
  z.object({on: z.literal('tested')}),
]);
