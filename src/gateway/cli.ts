import {layout} from '../templates/layout.js';

/** What is needed to call the `openclaw` program of one installation. Paths are absolute. */
export interface OpenClawCli {
  node: string;
  entry: string;
  home: string;
  /** State and config of a profile or of a moved folder; unset means the user's `~/.openclaw`. */
  env?: Record<string, string>;
}

/** The standby's own installation, made in phase 2. */
export const standbyCli: OpenClawCli = {
  node: layout.node,
  entry: `${layout.openclawPackage}/openclaw.mjs`,
  home: layout.home,
};

/**
 * argv that runs `openclaw …` with a small clean environment; run it as the owner of the state folder.
 * `extra` may hold paths, never secrets: an environment given through `env` is visible in argv.
 */
export function openclawAs(
  cli: OpenClawCli,
  args: readonly string[],
  extra: Record<string, string> = {},
): string[] {
  const nodeDir = cli.node.slice(0, cli.node.lastIndexOf('/'));
  const env: Record<string, string> = {
    HOME: cli.home,
    PATH: `${nodeDir}:/usr/local/bin:/usr/bin:/bin`,
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
    ...cli.env,
    ...extra,
  };
  return [
    'env',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    cli.node,
    cli.entry,
    ...args,
  ];
}
