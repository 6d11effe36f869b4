import {z} from 'zod';
import {wrongRemote} from './remote-text.js';
import {secretsSync} from './secrets-source.js';

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

/**
 * Where a secret comes from on the operator's machine; the value itself is never saved. `prompt` stands for
 * one that was typed: the standby keeps its value, this machine only remembers that it exists.
 */
export const secretSource = z.union(
  [
    z.strictObject({env: envName}),
    z.strictObject({file: z.string().min(1, 'must be the path of a file')}),
    z.strictObject({prompt: z.literal(true)}),
  ],
  {error: 'must be {"env": "NAME"} or {"file": "path"}'},
);
export type SecretSource = z.infer<typeof secretSource>;

const sshTarget = z
  .string()
  .regex(
    /^(?:[^@\s:/]+@)?(?:\[[0-9a-fA-F:.]+\]|[^@\s:/[\]]+)(?::\d{1,5})?$/,
    'must look like user@host or user@host:port',
  )
  .refine((text) => !text.startsWith('-'), 'must not begin with a dash');
const hostKey = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'must look like SHA256:… (ssh-keygen -lf shows it)');
const ip = z.union([z.ipv4(), z.ipv6()], {error: 'must be an IP address'});
const unixUser = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be a Unix user name');
const hostname = z.string().regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62})$/, 'must be a host name');
const modelId = z.string().regex(/^[\w.-]+\/.+$/, 'must look like provider/model');

const connection = {
  ssh: sshTarget,
  identityFile: z.string().min(1, 'must be the path of a private key').optional(),
  hostKey: hostKey.optional(),
  jump: sshTarget.optional(),
  /** Private address; found on the host when absent. */
  address: ip.optional(),
};

const targetName = z
  .string()
  .max(32, 'must not be longer than 32 characters')
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and dashes')
  // Default: the kind. What is waiting for a target, and its secrets on the standby, go by this name.
  .optional();
/** The least that a target hears of: `alert` is what an operator has to know, `info` is everything. */
const level = z.enum(['alert', 'warning', 'info']).default('alert');

/** Who is told; URLs and topics are secrets, because whoever has one can write there. */
const notifyTarget = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('webhook'), name: targetName, url: secretSource, level}),
  z.strictObject({
    kind: z.literal('ntfy'),
    name: targetName,
    server: z
      .url({protocol: /^https?$/, error: 'must be an http or https URL'})
      // It is saved, shown, and printed in the command that does the same again.
      .refine((text) => !/^https?:\/\/[^/]*@/.test(text), 'must not hold a password or token')
      .default('https://ntfy.sh'),
    topic: secretSource,
    token: secretSource.optional(),
    level,
  }),
  z.strictObject({
    kind: z.literal('command'),
    name: targetName,
    path: z.string().regex(/^\/[^\p{Cc}]+$/u, 'must be the absolute path of a program on the standby'),
    level,
  }),
  z.strictObject({
    kind: z.literal('ping'),
    name: targetName,
    url: secretSource,
    everyS: z
      .int('must be whole seconds')
      .min(60, 'must be at least 60')
      .max(3600, 'must be at most 3600')
      .default(300),
  }),
]);

const seconds = (most: number) =>
  z.int('must be whole seconds').min(1, 'must be at least 1').max(most, `must be at most ${most}`);

/** s that the targets of a drill may be at most. */
export const mostTargetS = {rto: 86_400, rpo: 30 * 86_400} as const;

/** How a drill sends the standby's bot a real message and hears its answer, from the operator's machine. */
export const drillProbe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    path: z.string().regex(/^(?:~?\/)[^\p{Cc}]+$/u, 'must be the absolute path of a program on this machine'),
    /** s until it has to be over. */
    timeoutS: seconds(600).default(120),
  }),
  z.strictObject({
    kind: z.literal('irc'),
    /** As whom the bot is asked; it has to be let in by the account's allowFrom. */
    nick: z.string().regex(/^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,29}$/, 'must be an IRC nick'),
    timeoutS: seconds(600).default(120),
  }),
]);
export type DrillProbe = z.infer<typeof drillProbe>;

/** How the primary's health becomes reachable when its gateway listens on loopback only. */
export const expose = z.enum(['bind', 'serve', 'no']);

/**
 * What the operator decided about a pair. The answers file and the saved pair file have this one shape
 * (contract: docs/answers.md).
 */
export const pairSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and dashes')
    .default('default'),
  primary: z.strictObject({
    ...connection,
    /** Owner of the gateway on the primary; found when absent. */
    gatewayUser: unixUser.optional(),
    /** Consent to make the gateway's health reachable over the private network; asked when needed and absent. */
    expose: expose.optional(),
  }),
  standby: z.strictObject({
    ...connection,
    hostname: hostname.optional(),
    /** Public key (a line, or the path of a .pub file) that may log in as `openclaw`; default: the identity used. */
    operatorKey: z.string().min(1, 'must be a public key or the path of one').optional(),
  }),
  network: z
    .discriminatedUnion('kind', [
      z.strictObject({kind: z.literal('tailscale'), authKey: secretSource.optional()}),
      z.strictObject({kind: z.literal('existing')}),
    ])
    .default({kind: 'existing'}),
  workspace: z
    .strictObject({
      /** Git remote; absent: the remote of the primary's workspace. */
      remote: z
        .string()
        .superRefine((text, context) => {
          const wrong = wrongRemote(text);
          if (wrong !== undefined) context.addIssue(wrong);
        })
        .optional(),
      branch: z
        .string()
        .regex(/^(?!-)[\w./-]+$/, 'must be a branch name')
        .default('main'),
    })
    .default({branch: 'main'}),
  channel: z.strictObject({
    type: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a channel of OpenClaw, e.g. discord'),
    account: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be the name of a channel account')
      .default('default'),
    settings: z.record(z.string(), z.json()).default({}),
    /** Field path of the account (`token`, `nickserv.password`) → where the value comes from. */
    secrets: z
      .record(z.string().regex(/^[A-Za-z][\w.]*$/, 'must be a field of the account'), secretSource)
      .default({}),
  }),
  model: z.strictObject({
    primary: modelId,
    fallbacks: z.array(modelId).default([]),
    providers: z.record(z.string(), z.json()).default({}),
    secrets: z.record(envName, secretSource).default({}),
  }),
  secretsSync,
  monitor: z
    .strictObject({
      profile: z.enum(['default', 'classic']).default('default'),
      failback: z.enum(['auto', 'manual']).default('auto'),
      /** Asleep, the standby's gateway is stopped; or it runs with its channel off, and is there at once. */
      standby: z.enum(['cold', 'warm']).default('cold'),
      /** Only the way to the primary is cut, and its host lives: stay asleep, or take over as well. */
      onPartition: z.enum(['hold', 'promote']).default('hold'),
      /** Servers beyond the standby's router that show it that it is online; absent: found by setup. */
      witnesses: z
        .array(
          z
            .string()
            .regex(
              /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]{0,252}):(?!0)\d{1,5}$/,
              'must look like host:port',
            )
            .refine((text) => !(Number(/\d+$/.exec(text)?.[0]) > 65_535), 'must have a port up to 65535'),
        )
        .max(8, 'must be at most 8 entries')
        .optional(),
    })
    .default({profile: 'default', failback: 'auto', standby: 'cold', onPartition: 'hold'}),
  notify: z
    .array(notifyTarget)
    .max(8, 'must be at most 8 entries')
    .superRefine((targets, context) => {
      const names = targets.map(({name, kind}) => name ?? kind);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `is "${name}" like an entry before it; give it a name of its own`,
        });
      }
    })
    .default([]),
  /** What a drill is measured against, and how it asks the bot something. */
  drill: z
    .strictObject({
      /** s until a bot is there again; absent: what the settings of the monitor promise for the fault. */
      rtoS: seconds(mostTargetS.rto).optional(),
      /** s that the workspace may be old which the standby starts from; absent: no target. */
      rpoS: seconds(mostTargetS.rpo).optional(),
      probe: drillProbe.optional(),
    })
    .optional(),
  mirrors: z
    .strictObject({
      node: z
        .url({protocol: /^https?$/, error: 'must be an http or https URL'})
        .default('https://nodejs.org/dist'),
    })
    .default({node: 'https://nodejs.org/dist'}),
});

export type NotifyTarget = z.infer<typeof notifyTarget>;
export type Pair = z.infer<typeof pairSchema>;
/** What may be written by hand: defaults left out. */
export type Answers = z.input<typeof pairSchema>;
