import type {HostFacts} from '../facts/types.js';
import {quoteWord as q} from '../ssh/quote.js';

/** Lines of ours in a user's authorized_keys: those that end in this comment. */
export function linesOfOurs({users}: HostFacts, user: string, comment: string): string[] {
  return (users[user]?.authorizedKeys ?? []).filter((line) => line.endsWith(` ${comment}`));
}

/** Takes them away, whole or not at all; lines of others stay as they are. Run by whoever may write the file. */
export const withoutLine = (comment: string, file?: string) => `set -eu
umask 077
keys=${file === undefined ? '$HOME/.ssh/authorized_keys' : q(file)}
[ -e "$keys" ] || exit 0
rm -f -- "$keys.failover-new"
cp -p -- "$keys" "$keys.failover-new"
{ grep -v -- ${q(` ${comment.replaceAll(/[^\w -]/g, '.')}[[:space:]]*$`)} "$keys" || [ $? -eq 1 ]; } > "$keys.failover-new"
mv -f -- "$keys.failover-new" "$keys"
`;
