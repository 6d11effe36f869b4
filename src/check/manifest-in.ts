import semver from 'semver';
import {z} from 'zod';
import {stripControl} from '../ssh/strip.js';
import type {Manifest} from '../templates/manifest.js';

const text = z
  .string()
  .max(4096)
  .transform((value) => stripControl(value).replaceAll('\n', ' '));
const schema = z.object({
  _: text,
  version: z.literal(1),
  pair: text,
  host: z.enum(['primary', 'standby']),
  files: z
    .array(
      z.object({
        path: text,
        owner: text,
        group: text,
        mode: text,
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          // What cannot be a hash was not noted.
          .catch(undefined),
      }),
    )
    .max(1000),
  // They stand in commands that a person may copy.
  units: z
    .array(text)
    .max(1000)
    .transform((units) => units.filter((unit) => /^[\w@.:-]{1,256}$/.test(unit))),
  users: z.array(text).max(100),
  authorizedKeys: z.array(z.object({user: text, comment: text})).max(100),
  folders: z.array(text).max(100),
});

/** The manifest as it lies on a host, of any version that we can read; undefined: it is none. */
export function manifestIn(content: string | undefined): Manifest | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(content ?? ''));
    if (!parsed.success) return undefined;
    const {files, ...rest} = parsed.data;
    return {
      ...rest,
      files: files.map(({sha256, ...file}) => ({...file, ...(sha256 !== undefined && {sha256})})),
    };
  } catch {
    return undefined;
  }
}

/** The version of the program that wrote it; null: it does not say. */
export const versionIn = ({_: line}: Pick<Manifest, '_'>): string | null =>
  /^Written by failover-wizard (\S+) for /.exec(line)?.[1] ?? null;

/** Whether what lies on a host was written by a later version of the program than `version`. */
export const isNewer = (writtenBy: string | null, version: string): boolean =>
  semver.valid(writtenBy) !== null && semver.valid(version) !== null && semver.gt(writtenBy!, version);
