import {open, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {crc32} from 'node:zlib';

export interface WarmPlaces {
  node: string;
  compileCache: string;
  /** Folders whose modules a start of the gateway loads: the package, and the plugins of the state folder. */
  modules: string[];
}

/** Read at a time; the pool of Node has as many threads (UV_THREADPOOL_SIZE). */
const atOnce = 16;
/** bytes; what a start reads is 230 MB, and a small host has other uses for its memory. */
const mostBytes = 400_000_000;

/**
 * Reads what a start of the gateway reads, so that it is in the page cache: Node itself, the compiled code, and the
 * modules that the compile cache knows. Returns the bytes that were read. Files that are gone are passed over.
 */
export async function warmUp(places: WarmPlaces): Promise<number> {
  const compiled = await filesBelow(places.compileCache);
  const known = new Set(compiled.map((file) => path.basename(file)));
  let bytes = await readAll([places.node], mostBytes);
  bytes += await readAll(compiled, mostBytes - bytes);
  bytes += await readAll(await loadedModules(places, known), mostBytes - bytes);
  return bytes;
}

/** The list costs a second of CPU, so it is kept until another version writes another compile cache. */
async function loadedModules({compileCache, modules}: WarmPlaces, known: Set<string>): Promise<string[]> {
  const listFile = path.join(compileCache, 'modules.json');
  const made = await Promise.all(modules.map(change));
  // Rounded: the program of an operator adds a module now and then.
  const key = [...made, known.size >> 8].join(' ');
  const kept = parseList(await readFile(listFile, 'utf8').catch(() => ''));
  if (kept?.key === key) return kept.files;
  const files: string[] = [];
  for (const folder of modules)
    for (const file of await filesBelow(folder)) if (isCompiled(file, known)) files.push(file);
  await writeFile(listFile, JSON.stringify({key, files})).catch(() => {});
  return files;
}

const change = (folder: string) =>
  stat(path.join(folder, 'package.json'))
    .catch(() => stat(folder))
    .then(
      ({ctimeMs}) => Math.round(ctimeMs),
      () => 0,
    );

function parseList(text: string): {key: string; files: string[]} | undefined {
  try {
    return JSON.parse(text) as {key: string; files: string[]};
  } catch {
    return undefined;
  }
}

/**
 * Node names a compiled module after a CRC of its kind and name (src/compile_cache.cc, GetCacheKey): 1 and the URL for
 * an ES module, 0 and the path for CommonJS. A Node that does it otherwise gets its modules from the disk at the start.
 */
export function isCompiled(file: string, known: ReadonlySet<string>): boolean {
  if (!/\.[mc]?js$/.test(file)) return false;
  const name = (kind: number, text: string) => crc32(text, crc32(Buffer.of(kind))).toString(16);
  return [name(1, pathToFileURL(file).href), name(0, file)].some(
    (hex) => known.has(hex) || known.has(hex.padStart(8, '0')),
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function readAll(files: readonly string[], limit: number): Promise<number> {
  let bytes = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(1 << 18);
    while (next < files.length && bytes < limit) {
      const read = await readThrough(files[next++]!, buffer);
      bytes += read;
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return bytes;
}

/** The bytes themselves are thrown away. */
async function readThrough(file: string, buffer: Buffer): Promise<number> {
  let handle;
  let bytes = 0;
  try {
    handle = await open(file, 'r');
    for (;;) {
      const {bytesRead} = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return bytes;
      bytes += bytesRead;
    }
  } catch {
    return bytes;
  } finally {
    await handle?.close();
  }
}
