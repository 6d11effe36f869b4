import {isTree, treeAt} from '../../channels/program/plain-object.js';
import {resolveSecret} from '../../channels/program/resolve.js';
import type {Loaded} from './config.js';

/** The models that the agent uses, the first one first, and those providers whose key is not there. */
export interface ModelStatus {
  primary: string | undefined;
  fallbacks: string[];
  /** Provider → why it cannot be used. */
  missing: Record<string, string>;
}

export function modelStatus({config, around}: Pick<Loaded, 'config' | 'around'>): ModelStatus {
  const {model} = treeAt(treeAt(config, 'agents'), 'defaults');
  const primary = typeof model === 'string' ? model : isTree(model) ? model.primary : undefined;
  const others: unknown[] = isTree(model) && Array.isArray(model.fallbacks) ? model.fallbacks : [];
  const fallbacks = others.filter((one) => typeof one === 'string');
  const missing: Record<string, string> = {};
  if (typeof primary !== 'string' || primary === '') missing[''] = 'agents.defaults.model is not set';
  for (const id of [primary, ...fallbacks]) {
    if (typeof id !== 'string') continue;
    const provider = id.split('/')[0] ?? '';
    const why = problemOf(provider, {config, around});
    if (why !== undefined) missing[provider] = why;
  }
  return {primary: typeof primary === 'string' ? primary : undefined, fallbacks, missing};
}

/** A key in the provider's definition, in the environment under its usual name, or none for a model on this host. */
function problemOf(
  provider: string,
  {config, around}: Pick<Loaded, 'config' | 'around'>,
): string | undefined {
  const defined = treeAt(treeAt(treeAt(config, 'models'), 'providers'), provider);
  const key = resolveSecret(defined.apiKey, around);
  if (key && 'value' in key) return undefined;
  if (key) return key.unresolved;
  const names = [`${provider.toUpperCase().replaceAll(/\W/g, '_')}_API_KEY`];
  if (provider === 'google') names.push('GEMINI_API_KEY');
  if (names.some((name) => around.env[name]?.trim())) return undefined;
  const url = typeof defined.baseUrl === 'string' ? URL.parse(defined.baseUrl) : null;
  if (url && /^(?:localhost|127\.|\[::1\])/.test(url.hostname)) return undefined;
  return `no API key: ${names.at(-1)} is not set, and models.providers.${provider}.apiKey neither`;
}
