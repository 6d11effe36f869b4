import type {RemoteFile} from '../ssh/host.js';
import {header, type Origin} from './header.js';

type Section = 'Unit' | 'Service' | 'Path' | 'Timer' | 'Install';

/** A unit file of systemd in /etc/systemd/system: lines by section, in order. */
export function unitFile(
  origin: Origin,
  name: string,
  sections: Partial<Record<Section, readonly string[]>>,
): RemoteFile {
  const text = Object.entries(sections).map(([section, lines]) => `\n[${section}]\n${lines.join('\n')}\n`);
  return {
    path: `/etc/systemd/system/${name}`,
    content: header(origin) + text.join(''),
    owner: 'root',
    group: 'root',
    mode: 0o644,
  };
}
