import {readFileSync} from 'node:fs';

/** Beside the folder of a host: translated copies of its scripts, the notes on owners, the socket of its systemd. */
export const scriptsOf = (root: string): string => `${root}.scripts`;
export const ownersOf = (root: string): string => `${root}.owners`;
export const busOf = (root: string): string => `${root}.bus`;

/** Homes of a host's users by its /etc/passwd; somebody who is not in it has none. */
export function homes(root: string): (user: string) => string {
  return (user) => {
    for (const line of readFileSync(`${root}/etc/passwd`, 'utf8').split('\n')) {
      const [name, , , , , home] = line.split(':');
      if (name === user && home) return home;
    }
    return '/nonexistent';
  };
}
