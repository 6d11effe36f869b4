import {homedir} from 'node:os';
import type {Folders} from '../../../pair/paths.js';
import {loadPair} from '../../../pair/store.js';
import type {Readings} from '../readings.js';
import {freeBytesAt, readFolder, readPairs, readSchedule} from './kept.js';
import {isWsl, readDesktop, readGit, readNode, readSynchronised} from './machine.js';
import {readSsh} from './ssh.js';
import {readTerminal} from './terminal.js';

export interface Asked {
  /** Whether hosts are knocked at. */
  connect: boolean;
  /** Only this host, as the operator names it. */
  host?: string;
  /** Only this pair. */
  pair?: string;
  version: string;
}

/** Reads this machine; knocks at hosts when asked to. Writes nothing. */
export async function collect(
  asked: Asked,
  where: Folders,
  platform: NodeJS.Platform = process.platform,
): Promise<Readings> {
  const home = homedir();
  const pairs = (await readPairs(where)).filter(({name}) => asked.pair === undefined || name === asked.pair);
  const names = pairs.flatMap(({name, state}) => (state === 'valid' ? [name] : []));
  const [node, ssh, git, config, state, freeBytes, synchronised, schedule, desktop, hosts] =
    await Promise.all([
      readNode(),
      readSsh(
        home,
        pairs.flatMap((one) => (one.state === 'valid' ? [one.primary, one.standby] : [])),
      ),
      readGit(),
      readFolder('config', where.config),
      readFolder('state', where.state),
      freeBytesAt(where.state),
      readSynchronised(platform),
      platform === 'win32' ? {forms: [], of: []} : readSchedule(names, asked.version),
      readDesktop(platform),
      asked.connect ? knockAll(asked, names, where) : [],
    ]);
  return {
    platform,
    wsl: isWsl(platform),
    home,
    node,
    ssh,
    git,
    terminal: readTerminal(),
    folders: [config, state],
    pairs,
    freeBytes,
    clock: {nowMs: Date.now(), synchronised},
    schedule,
    desktop,
    hosts,
  };
}

async function knockAll({host, pair = 'default'}: Asked, names: readonly string[], where: Folders) {
  const {hostsOf, knock} = await import('./knock.js');
  if (host !== undefined) return [await knock({who: host, ssh: host, pair}, where)];
  const pairs = await Promise.all(names.map((name) => loadPair(name, where)));
  return Promise.all(pairs.flatMap((one) => (one ? hostsOf(one) : [])).map((one) => knock(one, where)));
}
