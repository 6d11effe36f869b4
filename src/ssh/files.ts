import {Abort} from '../errors.js';
import type {HostName, RemoteFile, Script} from './host.js';
import {runMark} from './launch.js';
import {quoteWord} from './quote.js';

/** Default of `read`: more than that is not a file this program works with. */
export const mostBytes = 16 * 2 ** 20;

/**
 * sh text that writes its stdin to a file: a temporary one in the same folder, owner and mode set while
 * nobody knows its name, fsync, rename, fsync of the folder. `size` tells a cut stream from a whole one.
 */
export function writeScript({path, owner, group, mode}: RemoteFile, size: number): Script {
  if (!path.startsWith('/') || path.endsWith('/'))
    throw new TypeError(`"${path}" is not an absolute file path.`);
  const slash = path.lastIndexOf('/');
  const octal = mode.toString(8).padStart(4, '0');
  const text = `
f=${quoteWord(path)}; d=${quoteWord(path.slice(0, slash) || '/')}
umask 077
[ -d "$d" ] || { echo "no folder" >&2; exit 71; }
[ ! -d "$f" ] || { echo "a folder is there" >&2; exit 72; }
t=$(mktemp -- "$d/.fw-XXXXXXXX") || exit 73
trap 'rm -f -- "$t"' EXIT
trap 'exit 129' HUP INT TERM PIPE
cat > "$t" || exit 74
[ "$(wc -c < "$t")" -eq ${size} ] || { echo "incomplete" >&2; exit 75; }
chown -- ${quoteWord(`${owner}:${group}`)} "$t" || exit 76
chmod -- ${octal} "$t" || exit 77
sync -- "$t" || exit 78
mv -fT -- "$t" "$f" || exit 79
sync -- "$d" 2>/dev/null || :
`;
  return {label: `write ${path}`, text};
}

/** Why a write failed, in one sentence. `stderr` is what the script above and its tools said. */
export function writeFailure(host: HostName, file: RemoteFile, code: number, stderr: string): Abort {
  const {path, owner, group} = file;
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const on = `on the ${host}`;
  const rows: [boolean, string, string][] = [
    [
      /no space left/i.test(stderr),
      `The disk is full ${on}: ${path} was not written.`,
      `Make room there; see: df -h '${folder}'; df -i '${folder}'`,
    ],
    [
      /quota exceeded/i.test(stderr),
      `The disk quota is used up ${on}: ${path} was not written.`,
      'See there: quota -s',
    ],
    [
      /read-only file system/i.test(stderr),
      `The file system is read-only ${on}: ${path} was not written.`,
      `See there: findmnt -T '${folder}'; journalctl -k | grep -i remount`,
    ],
    [
      code === 71,
      `The folder ${folder} does not exist ${on}, so ${path} was not written.`,
      'Run the same command again; it makes the folder first.',
    ],
    [
      code === 72,
      `${path} is a folder ${on}, so no file was written there.`,
      'Move it away, then run the same command again.',
    ],
    [
      code === 75,
      `${path} did not arrive whole ${on} and was not put in place.`,
      'Run the same command again.',
    ],
    [
      code === 76 && /invalid (?:user|group)/i.test(stderr),
      `The user or group ${owner}:${group} does not exist ${on}, so ${path} was not written.`,
      `See there: getent passwd ${owner}; getent group ${group}`,
    ],
    [
      /input\/output error/i.test(stderr),
      `The disk fails ${on}: ${path} was not written.`,
      'See there: dmesg --level=err,warn | tail',
    ],
    [
      /permission denied|operation not permitted/i.test(stderr),
      `${path} may not be written ${on}.`,
      `See there: lsattr -d '${folder}'; namei -l '${folder}'`,
    ],
  ];
  const row = rows.find(([fits]) => fits);
  const detail = stderr.trim().split('\n').slice(-5).join('\n');
  return new Abort(row?.[1] ?? `${path} could not be written ${on}.`, {
    next: [row?.[2] ?? 'Nothing was changed; run the same command again.'],
    ...(detail === '' ? {} : {detail}),
  });
}

/** Exit code of the command below for something that is no regular file. */
const notRegular = 65;

/** Prints at most `most` + 1 bytes of a file, so that one too many shows. Devices and pipes would hang: refused. */
export function readCommand(path: string, most: number): string[] {
  if (!path.startsWith('/')) throw new TypeError(`"${path}" is not an absolute path.`);
  const text = `if [ -e "$1" ] && [ ! -f "$1" ]; then exit ${notRegular}; fi; exec head -c "$2" -- "$1"`;
  return ['sh', '-c', text, 'sh', path, String(most + 1)];
}

/** What the command above says about a file: there is none, or why it cannot be read. */
export function readFailure(host: HostName, path: string, code: number, stderr: string): Abort | undefined {
  if (/no such file or directory|not a directory/i.test(stderr)) return undefined;
  const on = `on the ${host}`;
  const sentence =
    code === notRegular
      ? `${path} is not a regular file ${on}.`
      : /permission denied/i.test(stderr)
        ? `${path} may not be read ${on}.`
        : `${path} could not be read ${on}.`;
  const detail = stderr.trim();
  return new Abort(sentence, {next: [`See there: namei -l '${path}'`], ...(detail === '' ? {} : {detail})});
}

export function tooBig(host: HostName, path: string, most: number): Abort {
  return new Abort(`${path} on the ${host} is larger than ${most} bytes and was not read.`, {
    next: [`See there: ls -l '${path}'`],
  });
}

/** How many bytes of sh text, and the word that must end them, so that half a script is never run. */
export interface ScriptCommand {
  argv: string[];
  /** Goes to stdin before everything else that is meant for the script's commands. */
  input: string;
}

/**
 * A script that is read whole before its first line runs: commands in it that read stdin find what was sent
 * for them (or its end), never the script; a script cut on the way is not run at all. The text is neither in
 * argv nor in the environment.
 * @throws TypeError for a NUL byte.
 */
export function scriptCommand(text: string, end: string): ScriptCommand {
  if (text.includes('\0')) throw new TypeError('A script holds a NUL byte.');
  const input = `${text}\n#${end}`;
  const run = [
    's=$(head -c "$1")',
    'case $s in *"#$2") ;; *) echo "The script did not arrive whole." >&2; exit 125;; esac',
    'set --',
    'eval "unset s\n$s"',
  ].join('; ');
  return {argv: ['sh', '-c', run, 'sh', String(Buffer.byteLength(input)), end], input};
}

/**
 * The argv of a script that only looks and is listened to for long. No setup has to wait for one that was left over,
 * so it carries no mark; and with a limit it ends even while nobody takes what it says, with its whole process group.
 */
export function watching(argv: readonly string[], limitS: number | undefined): string[] {
  const limit = limitS === undefined ? [] : ['timeout', '-s', 'KILL', String(limitS)];
  return ['env', '-u', runMark, ...limit, ...argv];
}
