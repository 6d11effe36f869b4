import {access, constants, readdir, stat, statfs} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Abort, messageOf} from '../../../errors.js';
import {pairFiles, type Folders} from '../../../pair/paths.js';
import {loadPair, pairNames} from '../../../pair/store.js';
import {shortPath} from '../../../ssh/identities.js';
import {formsOf} from '../../drill/schedule/choice.js';
import type {FolderReading, PairReading, ReachedReading, ScheduleReading} from '../readings.js';

/** Files of ours that are looked at for their modes; there are few, save for old drill reports. */
const mostFiles = 500;

/** Reads and writes nothing: whether a folder can be written is asked of the system. */
export async function readFolder(what: FolderReading['what'], path: string): Promise<FolderReading> {
  const there = await stat(path).catch(() => undefined);
  const nearest = there ? path : await nearestOf(path);
  const refused = await access(nearest, constants.W_OK | constants.X_OK).then(
    () => (there && !there.isDirectory() ? 'it is no folder' : undefined),
    (error: unknown) => reasonOf(error),
  );
  return {
    what,
    path: shortPath(path),
    mode: there && there.mode & 0o777,
    refused,
    open: there?.isDirectory() ? await openFiles(path) : [],
  };
}

async function nearestOf(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  return stat(above).then(
    () => above,
    () => nearestOf(above),
  );
}

async function openFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, {recursive: true}).catch(() => [] as string[]);
  const open = await Promise.all(
    names.slice(0, mostFiles).map(async (name) => {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      return info?.isFile() && (info.mode & 0o077) !== 0 ? [shortPath(path)] : [];
    }),
  );
  return open.flat();
}

function reasonOf(error: unknown): string {
  const {code} = error as NodeJS.ErrnoException;
  return (
    {EACCES: 'permission denied', EROFS: 'it is read-only', EPERM: 'not permitted'}[code ?? ''] ??
    messageOf(error)
  );
}

/** Bytes free in the file system that a folder is in, or will be. */
export async function freeBytesAt(path: string): Promise<number | undefined> {
  return nearestOf(join(path, 'x'))
    .then((there) => statfs(there))
    .then(
      ({bavail, bsize}) => bavail * bsize,
      () => undefined,
    );
}

/** Every saved pair, valid or not. */
export async function readPairs(where: Folders): Promise<PairReading[]> {
  const names = await pairNames(where).catch(() => [] as string[]);
  return Promise.all(names.map((name) => readPair(name, where)));
}

const reached = ({ssh, identityFile}: ReachedReading): ReachedReading => ({
  ssh,
  ...(identityFile !== undefined && {identityFile}),
});

async function readPair(name: string, where: Folders): Promise<PairReading> {
  try {
    const pair = await loadPair(name, where);
    if (pair === undefined) return {name, state: 'begun'};
    const {primary, standby} = pair;
    return {name, state: 'valid', primary: reached(primary), standby: reached(standby)};
  } catch (error) {
    const {message, detail, next} =
      error instanceof Abort ? error : {message: messageOf(error), detail: undefined, next: []};
    const path = pairFiles(name, where).pair;
    const short = (text: string) => text.replaceAll(path, shortPath(path));
    const why = detail === undefined ? message : `${message} ${detail.split('\n').join('; ')}`;
    return {name, state: 'broken', why: short(why), next: next.map(short)};
  }
}

/** What could remind of drills on this machine, and of which pairs it does. Writes nothing. */
export async function readSchedule(pairs: readonly string[], version: string): Promise<ScheduleReading> {
  const forms = await Promise.all(
    formsOf({pair: pairs[0] ?? 'default', version}).map(async (form) =>
      (await form.unusable()) === undefined ? [form.name] : [],
    ),
  );
  const of = await Promise.all(
    pairs.map(async (pair) => {
      const found = await Promise.all(formsOf({pair, version}).map((form) => form.find().catch(() => [])));
      return found.some((one) => one.length > 0) ? [pair] : [];
    }),
  );
  return {forms: forms.flat(), of: of.flat()};
}
