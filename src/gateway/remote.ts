/** `[user@]host:path`, where the host may be an alias of an SSH config or an IPv6 address in brackets. */
const scpLike = /^(?:[\w.+-]+@)?(\[[0-9a-fA-F:.]+\]|[\w.-]+):(?!\/\/)/;

/**
 * Whether git reaches this remote over SSH: `ssh://…`, `user@host:path` or `host:path`. As git does, a colon
 * behind a slash is taken for part of a local path.
 */
export function isSshRemote(remote: string): boolean {
  return remote.startsWith('ssh://') || scpLike.test(remote);
}

/** The name under which known_hosts keeps the server of an SSH remote: `host` or `[host]:port`. */
export function gitHostOf(remote: string): string | undefined {
  if (!remote.startsWith('ssh://')) return scpLike.exec(remote)?.[1]?.replace(/^\[|\]$/g, '');
  const url = URL.canParse(remote) ? new URL(remote) : undefined;
  if (!url) return undefined;
  return url.port && url.port !== '22' ? `[${url.hostname}]:${url.port}` : url.hostname;
}

/** Two spellings of one remote compare equal: a trailing slash and `.git` do not matter. */
export function sameRemote(one: string | undefined, other: string | undefined): boolean {
  const plain = (text: string) => text.replace(/\/+$/, '').replace(/\.git$/, '');
  return one !== undefined && other !== undefined && plain(one) === plain(other);
}

/** Refuses what git would take for an option or a helper program (`ext::`). */
export function isSafeRemote(remote: string): boolean {
  return !remote.startsWith('-') && !/^[\w+-]+::/.test(remote) && !/[\s\0]/.test(remote);
}
