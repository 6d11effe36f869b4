import {Refusal} from './machine.js';
import {changeUnits} from './systemctl-change.js';
import type {Asked} from './systemctl.js';
import type {Unit} from './unit.js';

export const fileVerbs: ReadonlySet<string> = new Set(['enable', 'disable', 'reenable']);

const noInstall = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled or disabled using systemctl.
`;

/** Whether units come up by themselves: links in the folders of those that want them. */
export async function changeFiles(verb: string, words: readonly string[], asked: Asked): Promise<number> {
  const {manager, options, out} = asked;
  if (!asked.mayChange) throw new Refusal(`Failed to ${verb} unit: Interactive authentication required.`);
  if (words.length === 0) throw new Refusal('Too few arguments.');
  const units = words.map((word) => manager.unit(word));
  for (const unit of units) {
    if (unit.source.load === 'masked')
      throw new Refusal(`Failed to ${verb} unit: Unit file ${unit.id} is masked.`);
    // A file that is gone may have left links, and the unit that it was may still run.
    if (
      unit.source.load === 'not-found' &&
      !(verb === 'disable' && manager.files.disable(unit.id).length > 0)
    ) {
      throw new Refusal(`Failed to ${verb} unit: Unit file ${unit.id} does not exist.`);
    }
  }
  const say = (text: string) => {
    if (!options.has('quiet')) out.stderr(text);
  };
  for (const unit of units) {
    if (verb !== 'enable') for (const link of manager.files.disable(unit.id)) say(`Removed "${link}".\n`);
    if (verb !== 'disable')
      for (const [link, to] of manager.files.enable(unit.source)) say(`Created symlink ${link} → ${to}.\n`);
    if (!hasInstall(unit) && verb === 'enable') say(noInstall);
  }
  if (!options.has('no-reload')) manager.reload();
  if (!options.has('now')) return 0;
  return changeUnits(verb === 'disable' ? 'stop' : 'start', words, asked);
}

const hasInstall = ({source}: Unit): boolean => source.text.has('Install') || source.readMs === 0;
