import {z} from 'zod';
import {stripControl} from '../../ssh/strip.js';
import type {Accounts} from '../../channels/types.js';
import type {ConfigFact, HostFacts, Known, OpenClawFact} from '../types.js';
import {need, type Sections} from './sections.js';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const identity = z.object({fp: hex, label: z.string().max(300)});
const credential = z.object({
  field: z.string().max(200),
  fp: hex.optional(),
  unresolved: z.string().max(1000).optional(),
  from: z.enum(['inline', 'env', 'file', 'exec', 'store', 'state']),
});
const account = z.object({
  channel: z.string().max(100),
  account: z.string().max(200),
  enabled: z.boolean(),
  identity: identity.optional(),
  credentials: z.array(credential).max(200),
  unknown: z.string().max(1000).optional(),
});
const accounts = z.discriminatedUnion('known', [
  z.object({known: z.literal(true), accounts: z.array(account).max(500)}),
  z.object({known: z.literal(false), reason: z.string().max(2000)}),
]);
const known = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('known', [
    z.object({known: z.literal(true), value}),
    z.object({known: z.literal(false), reason: z.string().max(2000)}),
  ]);
const path = z.string().max(4096).startsWith('/');
const output = z.object({
  openclaw: known(
    z
      .object({
        packageDir: path,
        entry: path,
        version: z.string(),
        engines: z.string(),
        node: path,
        nodeVersion: z.string(),
      })
      .nullable(),
  ),
  config: known(
    z
      .object({
        path,
        hash: hex,
        tree: z.record(z.string(), z.unknown()),
        backups: z.array(path),
        plugins: z.record(z.string(), z.string()),
      })
      .nullable(),
  ),
  accounts,
  plugins: z.record(z.string(), z.string()),
  pulled: z.record(z.string().max(200), hex).default({}),
  guard: known(z.object({ok: z.boolean(), reason: z.string().max(2000)})),
  configPath: path,
  stateDir: path,
  workspace: z.string(),
});

/** What the accounts program said about a host. */
export interface ProgramFacts {
  openclaw: Known<OpenClawFact | null>;
  config: Known<ConfigFact | null>;
  accounts: Accounts;
  plugins: Record<string, string>;
  pulled: Record<string, string>;
  guard: HostFacts['guard'];
  configPath?: string;
  stateDir?: string;
}

/** The `accounts` section: JSON of the program, `none` where there is neither Node nor config, or why it failed. */
export function programOf(sections: Sections): ProgramFacts {
  const text = need(sections, 'accounts');
  if (!text.known) return unknownFacts(`the accounts could not be read: ${text.reason}`);
  if (text.value.trim() === 'none') {
    const nothing = {known: true, value: null} as const;
    const guard = {known: false, reason: 'there is no Node on this host yet'} as const;
    return {
      openclaw: nothing,
      config: nothing,
      accounts: {known: true, accounts: []},
      plugins: {},
      pulled: {},
      guard,
    };
  }
  try {
    const checked = output.safeParse(clean(JSON.parse(text.value)));
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    return unknownFacts(
      `the accounts program gave an unexpected answer at ${issue?.path.join('.') ?? 'its top'}`,
    );
  } catch {
    return unknownFacts('the accounts program gave an answer that is not JSON');
  }
}

/** A gateway that could not be found has no config that could be meant. */
export function unknownFacts(reason: string): ProgramFacts {
  const unknown = {known: false, reason} as const;
  return {openclaw: unknown, config: unknown, accounts: unknown, plugins: {}, pulled: {}, guard: unknown};
}

/** Every text in it without control characters; keys too. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return stripControl(value);
  if (Array.isArray(value)) return value.map((entry) => clean(entry));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [stripControl(key), clean(child)]));
}
