import {isIP} from 'node:net';
import {z} from 'zod';

/** Most files that one pair pulls. */
const maxFiles = 20;

/** A server that secrets are pulled from. An address, so that a pull needs no DNS. */
export interface Source {
  user: string;
  /** IPv4 or IPv6, without brackets. */
  address: string;
  port: number;
}

/** `user@100.64.0.30`, `user@[2001:db8::1]:2222`; undefined: not of that form. */
export function parseSource(text: string): Source | undefined {
  const match = /^([a-z_][a-z0-9_-]{0,31})@(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/.exec(text);
  const [, user, six, four, given] = match ?? [];
  const address = six ?? four;
  const port = given === undefined ? 22 : Number(given);
  if (user === undefined || address === undefined || port < 1 || port > 65_535) return undefined;
  return isIP(address) === (six === undefined ? 4 : 6) ? {user, address, port} : undefined;
}

/** How OpenSSH writes it in known_hosts: `100.64.0.30`, `[100.64.0.30]:2222`. */
export function knownHostsName({address, port}: Source): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

/** The path stands in a command on the source: nothing in it may need quotes, and it leads nowhere else. */
const folder = z
  .string()
  .regex(
    /^(?:~(?=\/|$)|\/)[\w.@+/-]*$/,
    'must be a folder of the source: ~/… or /…, of letters, digits and . _ @ + - only',
  )
  .refine((path) => !path.split('/').includes('..'), 'must not hold ".."');

const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,59}\.env$/, 'must be the plain name of a file that ends in .env');

/** Secrets that the standby pulls from elsewhere while all is well; null: it pulls none. */
export const secretsSync = z
  .strictObject({
    host: z
      .string()
      .refine(
        (text) => parseSource(text) !== undefined,
        'must look like user@100.64.0.30 or user@100.64.0.30:22; an address, so that no DNS is needed',
      ),
    /** Folder on the source that holds the files. */
    path: folder.default('~/.secrets'),
    /** Names of the files that may be pulled; nothing else is ever sent. */
    allow: z
      .array(fileName)
      .min(1, 'must name at least one file')
      .max(maxFiles, `may name ${maxFiles} files at most`)
      .refine((names) => new Set(names).size === names.length, 'names a file twice'),
    /** Pins the host key of a source that is none of the pair's hosts; asked when absent. */
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'must look like SHA256:… (ssh-keygen -lf shows it)')
      .optional(),
  })
  .nullable()
  .default(null);
export type SecretsSync = NonNullable<z.infer<typeof secretsSync>>;
