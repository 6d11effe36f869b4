import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';

/** Compiled programs of the rehearsal that run as processes of their own, by their files on this machine. */
export const programs = {
  /** Loaded before every Node program of a host. */
  preload: fileURLToPath(new URL('./preload.js', import.meta.url)),
  curl: fileURLToPath(new URL('./curl.js', import.meta.url)),
  npm: fileURLToPath(new URL('./npm.js', import.meta.url)),
  relay: fileURLToPath(new URL('./relay.js', import.meta.url)),
  translateFile: fileURLToPath(new URL('./translate-file.js', import.meta.url)),
  systemdClient: fileURLToPath(new URL('../systemd/client.js', import.meta.url)),
  openclaw: fileURLToPath(new URL('../openclaw/cli.js', import.meta.url)),
  world: fileURLToPath(new URL('../world/main.js', import.meta.url)),
  /** Loaded before failover-wizard when it works on the pair of a rehearsal. */
  operator: fileURLToPath(new URL('../world/operator.js', import.meta.url)),
} as const;

/** The folder that the program is compiled into, and that of the whole program. */
export const dist = dirname(dirname(dirname(programs.preload)));
export const project = dirname(dist);
