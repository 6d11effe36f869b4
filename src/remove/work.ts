import {Abort} from '../errors.js';
import {tail} from '../plan/must.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {stripControl} from '../ssh/strip.js';
import {layout} from '../templates/layout.js';

/** Work that is on the standby and nowhere else, as far as git and a look at the home can tell. Lines to show. */
export interface Work {
  /** `workspace: 1a2b3c4 What was done`: commits that no remote has, stashes, an operation in progress. */
  commits: string[];
  /** Files that no commit has: changed, untracked, ignored. */
  files: string[];
  /** Whatever somebody put into the home beside what a login and a gateway put there. */
  others: string[];
}

export const hasWork = ({commits, files, others}: Work): boolean =>
  commits.length + files.length + others.length > 0;

/** What a home has by itself. */
const usual = [
  '.openclaw',
  '.ssh',
  '.bash_history',
  '.bash_logout',
  '.bashrc',
  '.profile',
  '.cache',
  '.config',
  '.local',
  '.npm',
  '.npmrc',
  '.gitconfig',
  '.lesshst',
  '.node_repl_history',
  '.selected_editor',
  '.viminfo',
  '.wget-hsts',
  '.cloud-locale-test.skip',
];

/** Most lines of each sort that are read; more are counted. */
const most = 200;

/**
 * Run as the standby's own user. What the remote has is what was fetched from it last; the timers fetch every 5 min. A
 * workspace that another run moved aside is looked at too.
 */
const text = `set -u
LC_ALL=C; export LC_ALL
cd -- ${q(layout.home)} || exit 0
for f in * .[!.]*; do
  [ -e "$f" ] || [ -L "$f" ] || continue
  case $f in ${usual.map((name) => q(name)).join(' | ')}) ;; *) printf 'other\\t%s\\n' "$f" ;; esac
done
cd -- ${q(layout.stateDir)} 2>/dev/null || exit 0
for d in workspace*; do
  [ -d "$d" ] || continue
  if ! top=$(git -C "$d" rev-parse --show-toplevel 2>/dev/null) || [ "$top" != "$(pwd -P)/$d" ]; then
    [ -z "$(ls -A "$d")" ] || printf 'file\\t%s: no git repository\\n' "$d"
    continue
  fi
  git -C "$d" log --format="commit%x09$d: %h %s" --branches --tags HEAD --not --remotes -- || exit 3
  git -C "$d" stash list --format="commit%x09$d: %gd %gs" || exit 3
  git -C "$d" status --porcelain --ignored --untracked-files=normal >/dev/null || exit 3
  git -C "$d" -c core.quotePath=true status --porcelain --ignored --untracked-files=normal | sed "s/^/file	$d: /"
  if [ -e "$d/.git/${layout.inUse}" ]; then printf 'commit\\t%s: what was changed during a takeover is not handed back\\n' "$d"; fi
done
exit 0
`;

/**
 * What would be lost with the standby's user.
 * @throws Abort when it cannot be told: unknown is not nothing
 */
export async function readWork(standby: Host, user: string | undefined): Promise<Work> {
  if (user === undefined) return {commits: [], files: [], others: []};
  const ran = await standby.script(
    {label: 'look for work that is only here', text},
    {user, timeoutMs: 60_000},
  );
  if (ran.code === 0) return parseWork(ran.stdout);
  throw new Abort('Whether work lies on the standby that is nowhere else cannot be told.', {
    detail: tail(ran.stderr || ran.stdout),
    next: [
      `Look at ${layout.workspace} there yourself.`,
      'To leave the user and all that it has: --keep-user',
    ],
  });
}

/** What the script printed. Pure. */
export function parseWork(printed: string): Work {
  const of = (word: string) => {
    const lines = printed
      .split('\n')
      .filter((line) => line.startsWith(`${word}\t`))
      .map((line) => stripControl(line.slice(word.length + 1)).slice(0, 160));
    return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
  };
  return {commits: of('commit'), files: of('file'), others: of('other')};
}

/** For a person: what it is, a few of each. Pure. */
export function workLines({commits, files, others}: Work): string[] {
  const some = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return [];
    const shown = lines.slice(0, 6).map((line) => `  ${line}`);
    return [
      title,
      ...shown,
      ...(lines.length > shown.length ? [`  and ${lines.length - shown.length} more`] : []),
    ];
  };
  return [
    ...some('What no remote has:', commits),
    ...some('Files that no commit has (?? untracked, !! ignored):', files),
    ...some(`Beside it in ${layout.home}:`, others),
  ];
}
