import type {Host} from '../ssh/host.js';

/**
 * Whether a unit or container was started and has not ended: `activating` counts, because it is waited for.
 * @param isActive argv that prints its state, e.g. `systemctl is-active NAME`
 */
export async function isUp(host: Host, isActive: readonly string[]): Promise<boolean> {
  const ran = await host.run(isActive, {timeoutMs: 20_000});
  return ['active', 'activating', 'reloading'].includes(ran.stdout.trim());
}
