/** Whether git reaches this remote over SSH: `user@host:path` or `ssh://…`. */
export function isSshRemote(remote: string): boolean {
  return remote.startsWith('ssh://') || /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(remote);
}

/** The name under which known_hosts keeps the server of an SSH remote: `host` or `[host]:port`. */
export function gitHostOf(remote: string): string | undefined {
  if (!isSshRemote(remote)) return undefined;
  if (!remote.startsWith('ssh://')) return remote.slice(remote.indexOf('@') + 1, remote.indexOf(':'));
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
