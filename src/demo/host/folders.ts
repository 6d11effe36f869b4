import {readFileSync} from 'node:fs';

/** Beside the folder of a host: translated copies of its scripts, the notes on owners, the socket of its systemd. */
export const scriptsOf = (root: string): string => `${root}.scripts`;
export const ownersOf = (root: string): string => `${root}.owners`;
export const busOf = (root: string): string => `${root}.bus`;

/**
 * Homes of a host's users by its /etc/passwd, in the host's words; somebody who is not in it has none. The file itself has
 * them as they are on this machine, for scripts that read it.
 */
export function homes(root: string): (user: string) => string {
  return (user) => {
    for (const line of readFileSync(`${root}/etc/passwd`, 'utf8').split('\n')) {
      const [name, , , , , home] = line.split(':');
      if (name === user && home) return home.startsWith(root) ? home.slice(root.length) : home;
    }
    return '/nonexistent';
  };
}
