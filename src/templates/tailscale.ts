import type {HostFacts} from '../facts/types.js';

/** OpenPGP fingerprint of "Tailscale Inc. (Package repository signing key)". */
const signingKey = '2596A99EAAB33821893C0A79458CA832957F5868';
const keyPath = '/usr/share/keyrings/tailscale-archive-keyring.gpg';

/** The package source of Tailscale's stable channel for a distribution. */
export function tailscaleSource(
  os: HostFacts['os'],
  header: string,
): {
  path: string;
  content: string;
  keyPath: string;
  key: {url: string; fingerprint: string};
} {
  const base = `https://pkgs.tailscale.com/stable/${os.id}`;
  return {
    path: '/etc/apt/sources.list.d/tailscale.list',
    content: `${header}deb [signed-by=${keyPath}] ${base} ${os.codename} main\n`,
    keyPath,
    key: {url: `${base}/${os.codename}.noarmor.gpg`, fingerprint: signingKey},
  };
}
