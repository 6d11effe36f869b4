import {createHmac} from 'node:crypto';

/**
 * HMAC-SHA256 as hex: how identities and credentials are compared between hosts without leaving them, and what
 * `$fp` in a redacted config is. The program on the hosts and the laptop share this one function.
 */
export function fingerprint(key: string, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex');
}
