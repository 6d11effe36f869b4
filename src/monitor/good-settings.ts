import {readFile} from 'node:fs/promises';
import {replaceFile} from './files.js';
import type {MonitorPaths} from './paths.js';
import {BadSettings, parseSettings, type MonitorSettings} from './settings.js';

/** @throws BadSettings, also for a file that cannot be read. */
export async function loadSettings(file: string): Promise<MonitorSettings> {
  return (await load(file)).settings;
}

async function load(file: string): Promise<{settings: MonitorSettings; text: string}> {
  try {
    const text = await readFile(file, 'utf8');
    return {settings: parseSettings(text), text};
  } catch (error) {
    if (error instanceof BadSettings) throw new BadSettings(`${file}: ${error.message}`);
    throw new BadSettings(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

type Places = Pick<MonitorPaths, 'settings' | 'goodSettings'>;

/**
 * monitor.json for the monitor, which keeps a copy of what it could use.
 * @throws BadSettings
 */
export async function loadAndKeep({settings: file, goodSettings}: Places): Promise<MonitorSettings> {
  const {settings, text} = await load(file);
  const kept = await readFile(goodSettings, 'utf8').catch(() => undefined);
  // A full disk stops nobody.
  if (kept !== text) await replaceFile(goodSettings, text).catch(() => {});
  return settings;
}

/**
 * The settings to go on with: those of monitor.json, or the newest that could be used, and what is wrong with the file.
 * An edit that went wrong must not leave the pair unprotected after a restart, nor a takeover unfinished.
 * @throws BadSettings about monitor.json when there is no copy either
 */
export async function settingsInForce(
  places: Places,
  first: (places: Places) => Promise<MonitorSettings> = ({settings}) => loadSettings(settings),
): Promise<{settings: MonitorSettings; problem?: string}> {
  try {
    return {settings: await first(places)};
  } catch (error) {
    const kept = await loadSettings(places.goodSettings).catch(() => undefined);
    if (!kept) throw error;
    return {settings: kept, problem: (error as Error).message};
  }
}
