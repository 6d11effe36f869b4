import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {parseDotenv, type Environment} from '../../channels/program/environment.js';
import {hostFiles} from '../../channels/program/files.js';
import {expandHome} from '../../channels/program/resolve.js';

/** Where one OpenClaw keeps its things, and the environment it was started with. */
export interface Place {
  configPath: string;
  stateDir: string;
  home: string;
  env: Environment;
}

/** OpenClaw's rule: what the environment names, then the profile's folder, then `~/.openclaw`. */
export function placeOf(
  processEnv: Readonly<Record<string, string | undefined>>,
  profile = processEnv.OPENCLAW_PROFILE,
): Place {
  const env = Object.fromEntries(
    Object.entries(processEnv).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const home = env.OPENCLAW_HOME?.trim() || env.HOME || homedir();
  const named = (name: string) => {
    const path = env[name]?.trim();
    return path ? expandHome(path, home) : undefined;
  };
  const usual = join(home, profile && profile !== 'default' ? `.openclaw-${profile}` : '.openclaw');
  const stateDir = named('OPENCLAW_STATE_DIR') ?? usual;
  const configPath = named('OPENCLAW_CONFIG_PATH');
  if (!configPath || dirname(configPath) === stateDir)
    return {configPath: configPath ?? join(stateDir, 'openclaw.json'), stateDir, home, env};
  // Of a config elsewhere, the `.env` beside it is read first.
  return {configPath, stateDir, home, env: {...beside(dirname(configPath)), ...env}};
}

function beside(folder: string): Environment {
  try {
    return parseDotenv(hostFiles.read(join(folder, '.env')));
  } catch {
    return {};
  }
}
