import {isTree, treeAt, type Tree} from './plain-object.js';
import {ruleOf} from './table.js';

/**
 * Why no account of a channel would be logged in; undefined when they would. OpenClaw's rule for the plugin that
 * carries the channel (its id is the channel's): deny beats entry beats allow list; unset means on.
 */
export function channelOff(config: Tree, channel: string): string | undefined {
  const plugins = treeAt(config, 'plugins');
  if (plugins.enabled === false) return 'plugins are disabled';
  if (listed(plugins.deny, channel)) return 'its plugin is denied';
  const entry = treeAt(plugins, 'entries')[channel];
  if (isTree(entry) && entry.enabled === false) return 'its plugin is disabled';
  const allow = Array.isArray(plugins.allow) ? plugins.allow : [];
  const section = treeAt(treeAt(config, 'channels'), channel);
  // Telegram ships inside: an enabled channel needs no place on the list. A plugin that we do not know may
  // carry another name than its channel, so the list says nothing about it.
  const bundled = channel === 'telegram' && section.enabled === true;
  if (allow.length > 0 && !listed(allow, channel) && !bundled && ruleOf(channel))
    return 'its plugin is not allowed';
  return undefined;
}

function listed(list: unknown, channel: string): boolean {
  return (
    Array.isArray(list) &&
    list.some((entry) => typeof entry === 'string' && entry.trim().toLowerCase() === channel)
  );
}
