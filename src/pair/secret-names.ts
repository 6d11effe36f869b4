/** The name a Tailscale auth key has among the secrets of a run; it is used once and never written to a host. */
export const networkSecretName = 'TAILSCALE_AUTHKEY';

/**
 * The name of a channel secret in the standby's env file: `discord`, `token` → `FAILOVER_DISCORD_TOKEN`. A name
 * of our own, because OpenClaw reads names such as `DISCORD_BOT_TOKEN` by itself for the default account.
 */
export function channelSecretName(type: string, field: string): string {
  return `FAILOVER_${upperSnake(type)}_${upperSnake(field)}`;
}

/** The name of a model provider's secret: `stub`, `apiKey` → `FAILOVER_MODEL_STUB_API_KEY`. */
export function providerSecretName(provider: string, field: string): string {
  return `FAILOVER_MODEL_${upperSnake(provider)}_${upperSnake(field)}`;
}

/** The name of a notification's secret in the standby's notify.env: `oncall`, `url` → `FAILOVER_NOTIFY_ONCALL_URL`. */
export function notifySecretName(target: string, field: string): string {
  return `FAILOVER_NOTIFY_${upperSnake(target)}_${upperSnake(field)}`;
}

/** Whether a name in the standby's env file can only be one of ours, so that setup may take it away again. */
export function isOwnSecretName(name: string): boolean {
  return /^FAILOVER_[A-Z0-9_]+$/.test(name);
}

function upperSnake(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
