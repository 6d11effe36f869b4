import type {Asked} from '../../demo/chat/person.js';
import {nicks} from '../../demo/world/primary-image.js';
import type {Rehearsing} from '../../demo/world/rehearse.js';
import {hanging, tell} from '../terminal.js';
import {said} from './in-lines.js';

/** Asks both bots the same, and shows who answers. */
export async function askBoth({order}: Rehearsing, text: string): Promise<void> {
  tell(`\n  ${nicks.person} asks both bots: ${text}`);
  for (const nick of [nicks.primary, nicks.standby]) {
    // oxlint-disable-next-line no-await-in-loop
    const asked = (await order({do: 'ask', nick, text})) as Asked;
    tell(`  ${nick.padEnd(9)} ${hanging(said(asked), 12)}`);
  }
  tell('');
}
