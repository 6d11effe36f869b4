import type {Host, Ran} from '../ssh/host.js';

/** What OpenClaw's program is told; `liveAccount` reads the answer. */
export const channelsStatusArgs = ['channels', 'status', '--json'] as const;

/**
 * Asks a running gateway for its channel accounts through its own program.
 * @param call `channelsStatusArgs` as that installation is called, and as whom (undefined: root)
 */
export function channelsStatus(
  host: Host,
  {argv, user}: {argv: readonly string[]; user: string | undefined},
): Promise<Ran> {
  return host.run(argv, {
    timeoutMs: 30_000,
    label: `openclaw ${channelsStatusArgs.join(' ')}`,
    ...(user !== undefined && {user}),
  });
}
