import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../src/secret.js';
import type {ConnectPrompts} from '../../src/ssh/prompts.js';
import type {SshHost} from '../../src/ssh/ssh-host.js';
import {connectTo, newDesk, server} from './connecting.js';
import type {Desk} from './connecting.js';
import type {TestServer} from './server.js';

/** What sudo does, as far as this program can tell: options, prompt on stderr, password from stdin byte by byte. */
const fakeSudo = String.raw`#!/bin/sh
free= prompt= stdin=
while [ $# -gt 0 ]; do
  case $1 in -k) ;; -n) free=1 ;; -S) stdin=1 ;; -p) prompt=$2; shift ;; --) shift; break ;; *) exit 99 ;; esac
  shift
done
[ -z "$FAKE_SUDO_LOG" ] || printf '%s\n' "$*" >> "$FAKE_SUDO_LOG"
mode=$(cat "$FAKE_SUDO_MODE")
case $mode in
  free) exec "$@" ;;
  tty) echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1 ;;
esac
[ -z "$free" ] || { echo 'sudo: a password is required' >&2; exit 1; }
if [ "$mode" != cached ]; then
  tries=0
  while :; do
    printf '%s' "$prompt" >&2
    IFS= read -r given || { echo >&2; echo 'sudo: no password was provided' >&2; exit 1; }
    [ "$given" != "$FAKE_SUDO_PASSWORD" ] || break
    tries=$((tries + 1))
    [ $tries -lt 3 ] || { echo 'sudo: 3 incorrect password attempts' >&2; exit 1; }
    echo 'Sorry, try again.' >&2
  done
fi
case $mode in
  stranger) echo 'ops is not in the sudoers file.' >&2; exit 1 ;;
  limited) echo "Sorry, user ops is not allowed to execute '$*' as root on claw." >&2; exit 1 ;;
esac
exec "$@"
`;

interface Scene {
  desk: Desk;
  at: TestServer;
  mode: (mode: string) => void;
  asked: string[];
  connect: (answers?: string[], prompts?: ConnectPrompts) => Promise<SshHost>;
}

async function scene(mode: string): Promise<Scene> {
  const desk = newDesk();
  const bin = join(desk.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'sudo'), fakeSudo);
  chmodSync(join(bin, 'sudo'), 0o755);
  const modeFile = join(desk.folder, 'mode');
  writeFileSync(modeFile, mode);
  const env = {
    FAKE_SUDO_MODE: modeFile,
    FAKE_SUDO_PASSWORD: 'correct horse',
    FAKE_SUDO_LOG: join(desk.folder, 'sudo.log'),
  };
  const at = await server({authorized: [desk.key.line], path: mode === 'none' ? [] : [bin], env});
  const asked: string[] = [];
  return {
    desk,
    at,
    asked,
    mode: (next) => writeFileSync(modeFile, next),
    connect: (answers = ['correct horse'], prompts) => {
      const sudoPassword = async (target: string): Promise<Secret | undefined> => {
        asked.push(target);
        const answer = answers.shift();
        return answer === undefined ? undefined : new Secret(answer);
      };
      return connectTo(at, desk, {ssh: `ops@127.0.0.1:${at.port}`, prompts: prompts ?? {sudoPassword}});
    },
  };
}

describe('becoming root', () => {
  it('needs no question where sudo asks none', async () => {
    const {connect, asked} = await scene('free');
    const host = await connect();
    expect((await host.run(['cat'], {stdin: 'through\n'})).stdout).toBe('through\n');
    expect(asked).toEqual([]);
  });

  it('asks for the password once, and feeds it to every command before its own stdin', async () => {
    const {connect, asked, at} = await scene('password');
    const host = await connect();
    expect(asked).toEqual([`ops@127.0.0.1:${at.port}`]);
    expect((await host.run(['cat'], {stdin: 'mine\n'})).stdout).toBe('mine\n');
    expect((await host.script({label: 'x', text: 'cat; echo done'}, {stdin: 'mine\n'})).stdout).toBe(
      'mine\ndone\n',
    );
    expect((await host.run(['cat'])).stdout).toBe('');
    expect(asked).toHaveLength(1);
  });

  it('never lets a command see the password, even when sudo does not read it', async () => {
    const {connect, mode} = await scene('password');
    const host = await connect();
    mode('cached');
    expect(await host.run(['cat'], {stdin: 'mine\n'})).toMatchObject({code: 0, stdout: 'mine\n', stderr: ''});
    expect((await host.run(['cat'])).stdout).toBe('');
    mode('free');
    expect((await host.run(['cat'], {stdin: 'mine\n'})).stdout).toBe('mine\n');
  });

  it('keeps the password out of argv, environment, audit log and output', async () => {
    const {connect, at, desk} = await scene('password');
    const host = await connect();
    const {stdout, stderr} = await host.run(['sh', '-c', 'env; set; tr "\\0" " " < /proc/$PPID/cmdline']);
    const everything = [
      stdout
        .replace('FAKE_SUDO_PASSWORD=correct horse', '')
        .replace("FAKE_SUDO_PASSWORD='correct horse'", ''),
      stderr,
      at.commands.join('\n'),
      JSON.stringify(desk.audit),
    ];
    expect(everything.join('\n')).not.toContain('correct horse');
  });

  it('runs a command that is ended in time', async () => {
    const {connect} = await scene('password');
    const host = await connect();
    expect(await host.run(['sleep', '60'], {timeoutMs: 200})).toMatchObject({timedOut: true, code: -1});
    expect((await host.run(['echo', 'next'])).stdout).toBe('next\n');
  });

  it('runs as the login itself without sudo', async () => {
    const {connect, mode} = await scene('password');
    const host = await connect();
    mode('tty');
    expect((await host.run(['echo', 'self'], {user: 'ops'})).stdout).toBe('self\n');
  });

  it('lets a wrong password be corrected', async () => {
    const {connect, asked} = await scene('password');
    const host = await connect(['wrong', 'wrong too', 'correct horse']);
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n');
    expect(asked).toHaveLength(3);
  });

  it.each<[string, string, string[] | undefined, ConnectPrompts | undefined, RegExp]>([
    ['three wrong passwords', 'password', ['a', 'b', 'c'], undefined, /refused the password three times/],
    ['no password given', 'password', [], undefined, /No sudo password was given/],
    ['nobody to ask', 'password', undefined, {}, /wants the password of ops, and nobody can be asked/],
    ['a login that is not in the sudoers file', 'stranger', undefined, undefined, /ops may not use sudo/],
    [
      'a login that may only run something else',
      'limited',
      undefined,
      undefined,
      /does not let ops run a shell as root/,
    ],
    ['a server that wants a terminal', 'tty', undefined, undefined, /wants a terminal \(requiretty\)/],
  ])('stops with one sentence: %s', async (_, mode, answers, prompts, sentence) => {
    const {connect} = await scene(mode);
    const refused = await connect(answers, prompts).catch((error: unknown) => error);
    expect(refused).toMatchObject({name: 'Abort', exit: 4, message: expect.stringMatching(sentence)});
    expect((refused as {next: string[]}).next.length).toBeGreaterThan(0);
  });

  it('does not take a refusal that quotes the command for its beginning', async () => {
    const {connect, mode} = await scene('password');
    const host = await connect();
    mode('limited');
    await expect(host.run(['true'])).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('does not let ops run a shell as root'),
    });
  });

  it('stops when the password that worked no longer does', async () => {
    const {connect, at, mode, desk} = await scene('password');
    const host = await connect();
    mode('stranger');
    await expect(host.run(['true'])).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('ops may not use sudo'),
    });
    expect(desk.audit.at(-1)).toMatchObject({command: 'true', code: 1});
    expect(at.connections).toBe(1);
  });
});
