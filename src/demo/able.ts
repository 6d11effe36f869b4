import {missingPrograms} from './host/tools.js';

/**
 * Why there can be no embedded pair here; undefined: there can. Its hosts run the scripts that setup writes for Debian, so
 * they need the tools of a Linux machine, and its addresses are those of Linux's loopback.
 * @param missing programs that this machine lacks
 */
export function unable(
  platform: NodeJS.Platform,
  missing: () => readonly string[] = missingPrograms,
): string | undefined {
  if (platform === 'darwin')
    return 'Its hosts need the tools and the /proc of Linux, which macOS does not have.';
  if (platform !== 'linux') return 'Its hosts need the tools and the /proc of Linux.';
  const lacks = missing();
  if (lacks.length === 0) return undefined;
  return `This machine lacks ${lacks.join(', ')}${lacks.some((name) => /^(?:git|ssh)/.test(name)) ? ' (Debian: apt-get install git openssh-client)' : ''}.`;
}
