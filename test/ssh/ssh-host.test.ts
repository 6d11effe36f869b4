import {execFileSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../src/secret.js';
import type {SshHost} from '../../src/ssh/ssh-host.js';
import {afterwards, connectTo, newDesk, server} from './connecting.js';
import type {Desk} from './connecting.js';
import type {ServerOptions, TestServer} from './server.js';

const owner = {owner: userInfo().username, group: execFileSync('id', ['-gn'], {encoding: 'utf8'}).trim()};

async function hostWith(options: ServerOptions = {}): Promise<{host: SshHost; at: TestServer; desk: Desk}> {
  const desk = newDesk();
  const at = await server({authorized: [desk.key.line], ...options});
  return {host: await connectTo(at, desk), at, desk};
}
const processes = (word: string): string[] =>
  execFileSync('ps', ['-eo', 'args'], {encoding: 'utf8'})
    .split('\n')
    .filter((line) => line.includes(word));

describe('running a command', () => {
  it('hands over an argv unchanged, whatever is in it', async () => {
    const {host} = await hostWith();
    const words = ['a b', "it's", '$HOME', '', '*', 'é 🙂', '-n', 'two\nlines', '`id`', '\\'];
    const ran = await host.run(['printf', '%s\\0', ...words]);
    expect(ran).toMatchObject({code: 0, stderr: '', timedOut: false});
    expect(ran.stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  it.each([
    ['a code', ['sh', '-c', 'echo out; echo err >&2; exit 7'], {code: 7, stdout: 'out\n', stderr: 'err\n'}],
    ['a command that does not exist', ['no-such-command'], {code: 127, stdout: ''}],
    ['a signal', ['sh', '-c', 'kill -KILL $$'], {code: -1, signal: 'SIGKILL'}],
  ])('answers with %s', async (_, argv, expected) => {
    const {host} = await hostWith();
    expect(await host.run(argv)).toMatchObject(expected);
  });

  it('has a fixed PATH, an English UTF-8 locale, and the home as its folder', async () => {
    const {host} = await hostWith({env: {LC_ALL: 'de_DE.UTF-8', PATH: '/somewhere:/usr/bin:/bin'}});
    const {stdout} = await host.run(['sh', '-c', 'echo "$PATH $LC_ALL"; pwd; echo "$HOME"']);
    const [line, folder, home] = stdout.split('\n');
    expect(line).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin C.UTF-8');
    expect(folder).toBe(home);
  });

  it('is not confused by what login scripts print', async () => {
    const {host} = await hostWith({
      handle: (command, channel) => {
        channel.write('Welcome!\nno newline at the end');
        channel.stderr.write('bash: warning\n');
        setTimeout(() => {
          channel.write(execFileSync('sh', ['-c', `${command} 2>/dev/null`]));
          channel.stderr.write(execFileSync('sh', ['-c', `${command} 2>&1 >/dev/null`]));
          channel.exit(0);
          channel.end();
        }, 20);
        return true;
      },
    });
    expect(await host.run(['sh', '-c', 'echo mine; echo too >&2'])).toMatchObject({
      stdout: 'mine\n',
      stderr: 'too\n',
    });
  });

  it('says so when the login runs no commands', async () => {
    const {host} = await hostWith({
      handle: (_command, channel) => {
        channel.write('This account is currently not available.\n');
        channel.exit(1);
        channel.end();
        return true;
      },
    });
    await expect(host.run(['true'])).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('does not run commands'),
      detail: 'This account is currently not available.',
    });
  });

  it('takes megabytes on stdin and gives megabytes back', async () => {
    const {host} = await hostWith();
    const text = 'x'.repeat(99).concat('\n').repeat(50_000);
    const ran = await host.run(['cat'], {stdin: text});
    expect(ran.stdout).toBe(text);
  });

  it('keeps the last 8 MiB of a larger output and says what is missing', async () => {
    const {host} = await hostWith();
    const {stdout, code} = await host.run(['sh', '-c', 'yes 0123456789 | head -c 20000000; echo; echo last']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[the first \d+ bytes were left out\]\n0123456789\n/);
    expect(stdout.endsWith('\nlast\n')).toBe(true);
    expect(stdout.length).toBeLessThanOrEqual(8 * 2 ** 20 + 100);
  });

  it('tells lines as they come, without control characters, with UTF-8 in one piece', async () => {
    const {host} = await hostWith();
    const lines: string[] = [];
    const script = String.raw`printf 'ein \303'; sleep 0.1; printf '\244\n\033[31mrot\033[0m\n'; printf 'err\n' >&2`;
    const ran = await host.run(['sh', '-c', script], {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(lines.toSorted()).toEqual(['stderr err', 'stdout ein ä', 'stdout rot']);
    expect(ran.stdout).toBe('ein ä\n\u001b[31mrot\u001b[0m\n');
  });

  it('does not wait for a child that keeps the output open', async () => {
    const {host} = await hostWith();
    const began = performance.now();
    expect(await host.run(['sh', '-c', 'sleep 15 & echo started'])).toMatchObject({
      code: 0,
      stdout: 'started\n',
    });
    expect(performance.now() - began).toBeLessThan(9_000);
  });

  it('is ended with everything it started when its time is over', async () => {
    const {host} = await hostWith();
    const began = performance.now();
    const ran = await host.run(['sh', '-c', 'echo first; sleep 4711 & sleep 4711'], {timeoutMs: 300});
    expect(ran).toMatchObject({code: -1, timedOut: true, stdout: 'first\n'});
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(processes('sleep 4711')).toEqual([]);
    // The connection is not hurt by it.
    expect((await host.run(['echo', 'next'])).stdout).toBe('next\n');
  });

  it('is killed when it does not want to end', async () => {
    const {host} = await hostWith();
    const ran = await host.run(['sh', '-c', 'trap "" TERM; sleep 4712 & wait; sleep 4712'], {timeoutMs: 200});
    expect(ran).toMatchObject({code: -1, timedOut: true});
    expect(processes('sleep 4712')).toEqual([]);
  });

  it('is ended by its signal, and never begun when that comes first', async () => {
    const {host, at} = await hostWith();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await host.run(['sleep', '4713'], {signal: stop.signal})).toMatchObject({
      code: -1,
      timedOut: false,
      signal: 'SIGTERM',
    });
    expect(processes('sleep 4713')).toEqual([]);
    const commands = at.commands.length;
    expect(await host.run(['sleep', '4713'], {signal: stop.signal})).toMatchObject({code: -1});
    expect(at.commands).toHaveLength(commands);
  });

  it('shares one connection, eight at a time', async () => {
    const {host, at} = await hostWith();
    const ran = await Promise.all(
      Array.from({length: 20}, (_, i) => host.run(['sh', '-c', `sleep 0.05; echo ${i}`])),
    );
    expect(ran.map(({stdout}) => stdout.trim())).toEqual(Array.from({length: 20}, (_, i) => String(i)));
    expect(at.connections).toBe(1);
    expect(at.mostChannels).toBe(8);
  });

  it('waits in line where a server allows fewer channels', async () => {
    const {host} = await hostWith({maxSessions: 3});
    const ran = await Promise.all(
      Array.from({length: 12}, (_, i) => host.run(['sh', '-c', `sleep 0.05; echo ${i}`])),
    );
    expect(ran.map(({stdout}) => stdout.trim())).toEqual(Array.from({length: 12}, (_, i) => String(i)));
  });

  it('says so when the server opens no channel at all', async () => {
    const {host} = await hostWith({maxSessions: 0});
    await expect(host.run(['true'])).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('opens no channel'),
    });
  });
});

describe('running a script', () => {
  it('keeps what is in it out of argv and environment', async () => {
    const {host, at} = await hostWith();
    const {stdout} = await host.script({
      label: 'look around',
      text: 'token=s3cret-in-script\nenv; tr "\\0" " " < /proc/$$/cmdline; tr "\\0" " " < /proc/$PPID/cmdline',
    });
    expect(stdout).not.toContain('s3cret-in-script');
    expect(at.commands.join()).not.toContain('s3cret-in-script');
  });

  it('arrives whole when it is large, heredocs included', async () => {
    const {host} = await hostWith();
    const padding = `# ${'ü'.repeat(60)}\n`.repeat(2_000);
    const text = `set -eu\n${padding}cat <<'EOT'\n$literal \`text\` \\\nEOT\ncat <<EOT\nsum $((20 + 22))\nEOT\nexit 3`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(200_000);
    expect(await host.script({label: 'large', text})).toMatchObject({
      code: 3,
      stdout: '$literal `text` \\\nsum 42\n',
      stderr: '',
    });
  });

  it('is not swallowed by a command in it that reads stdin', async () => {
    const {host} = await hostWith();
    const text = 'cat\nread -r line || echo "nothing to read"\necho after';
    expect((await host.script({label: 'reader', text})).stdout).toBe('nothing to read\nafter\n');
    expect(
      (
        await host.script(
          {label: 'reader', text: 'read -r a; cat; echo "a=$a"'},
          {stdin: new Secret('1\n2\n')},
        )
      ).stdout,
    ).toBe('2\na=1\n');
  });

  it('has no arguments and none of our own variables', async () => {
    const {host} = await hostWith();
    expect((await host.script({label: 'bare', text: 'echo "$# [${s-}] [${1-}]"'})).stdout).toBe('0 [] []\n');
  });

  it('is refused with NUL in it', async () => {
    const {host} = await hostWith();
    await expect(host.script({label: 'nul', text: 'echo a\0b'})).rejects.toThrow(/NUL/);
  });

  it('is not run at all when only half of it arrives', async () => {
    const desk = newDesk();
    const marker = join(desk.folder, 'ran');
    // The first lines run by themselves if a cut stream were taken for a whole script.
    const text = `touch ${marker}\n${'# filler\n'.repeat(300_000)}`;
    const at = await server({
      authorized: [desk.key.line],
      handle: (command, channel) => {
        if (!command.includes('head -c')) return false;
        const child = execFileSync.bind(undefined);
        channel.once('data', (chunk: Buffer) => {
          channel.stderr.write(child('sh', ['-c', `(${command}) 2>&1; echo "code $?"`], {input: chunk}));
          channel.exit(125);
          channel.end();
        });
        return true;
      },
    });
    const host = await connectTo(at, desk);
    const ran = await host.script({label: 'cut', text});
    expect(ran.stderr).toContain('did not arrive whole');
    expect(ran.stderr).toContain('code 125');
    expect(existsSync(marker)).toBe(false);
  });
});

describe('files', () => {
  it('are written and read as bytes, with owner and mode', async () => {
    const {host, desk} = await hostWith();
    const path = join(desk.folder, "it's a file $x");
    const content = Uint8Array.from({length: 300_000}, (_, i) => (i * 7919) & 255);
    await host.write({path, content, ...owner, mode: 0o640});
    expect(Buffer.compare(readFileSync(path), content)).toBe(0);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(Buffer.compare((await host.read(path))!, content)).toBe(0);
    expect(readdirSync(desk.folder).filter((name) => name.startsWith('.fw-'))).toEqual([]);
  });

  it('may be empty, and may hold a secret that no log shows', async () => {
    const {host, desk, at} = await hostWith();
    const path = join(desk.folder, 'file');
    await host.write({path, content: '', ...owner, mode: 0o600});
    expect(readFileSync(path, 'utf8')).toBe('');
    await host.write({path, content: new Secret('s3cret-content\n'), ...owner, mode: 0o600});
    expect(readFileSync(path, 'utf8')).toBe('s3cret-content\n');
    expect(JSON.stringify(desk.audit) + at.commands.join()).not.toContain('s3cret-content');
    expect(desk.audit.at(-1)).toMatchObject({command: `write ${path}`, user: 'root', code: 0});
  });

  it('replace a link, not what it points to', async () => {
    const {host, desk} = await hostWith();
    writeFileSync(join(desk.folder, 'other'), 'old');
    symlinkSync('other', join(desk.folder, 'link'));
    await host.write({path: join(desk.folder, 'link'), content: 'new', ...owner, mode: 0o600});
    expect(readFileSync(join(desk.folder, 'other'), 'utf8')).toBe('old');
  });

  it('that do not exist are undefined', async () => {
    const {host, desk} = await hostWith();
    expect(await host.read(join(desk.folder, 'none'))).toBeUndefined();
    expect(await host.read(join(desk.folder, 'none', 'deeper'))).toBeUndefined();
    expect(await host.read(join(desk.keyFile, 'below a file'))).toBeUndefined();
  });

  it('that are too large, or no files, are refused', async () => {
    const {host, desk} = await hostWith();
    writeFileSync(join(desk.folder, 'large'), 'x'.repeat(101));
    expect(await host.read(join(desk.folder, 'large'), {maxBytes: 101})).toHaveLength(101);
    await expect(host.read(join(desk.folder, 'large'), {maxBytes: 100})).rejects.toThrow(
      'larger than 100 bytes',
    );
    execFileSync('mkfifo', [join(desk.folder, 'pipe')]);
    for (const path of [desk.folder, join(desk.folder, 'pipe')]) {
      await expect(host.read(path)).rejects.toMatchObject({
        name: 'Abort',
        message: expect.stringContaining('not a regular file'),
      });
    }
  });

  it.each([
    [
      'a missing folder',
      (desk: Desk) => ({path: join(desk.folder, 'no/where/file')}),
      /folder .* does not exist/,
    ],
    ['a folder in the way', (desk: Desk) => ({path: desk.folder}), /is a folder/],
    [
      'an unknown owner',
      (desk: Desk) => ({path: join(desk.folder, 'f'), owner: 'no-such-user'}),
      /no-such-user.* does not exist/,
    ],
  ])('say in one sentence what stops them: %s', async (_, part, sentence) => {
    const {host, desk} = await hostWith();
    const before = readdirSync(desk.folder);
    const {path, ...more} = part(desk);
    await expect(host.write({path, content: 'x', ...owner, mode: 0o600, ...more})).rejects.toMatchObject({
      name: 'Abort',
      message: expect.stringMatching(sentence),
    });
    expect(readdirSync(desk.folder)).toEqual(before);
  });

  it.runIf(process.getuid?.() === 0)(
    'say so when the disk is full or read-only, and leave nothing behind',
    async () => {
      const {host, desk} = await hostWith();
      const disk = join(desk.folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
      afterwards(() => execFileSync('umount', [disk]));
      const file = {path: join(disk, 'file'), ...owner, mode: 0o600};
      await host.write({...file, content: 'before'});
      await expect(host.write({...file, content: 'x'.repeat(200_000)})).rejects.toThrow(
        'The disk is full on the standby',
      );
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      await expect(host.write({...file, content: 'after'})).rejects.toThrow(
        'The file system is read-only on the standby',
      );
      expect(readdirSync(disk)).toEqual(['file']);
      expect(readFileSync(file.path, 'utf8')).toBe('before');
    },
  );

  it('are not put in place when the content is cut on the way', async () => {
    const desk = newDesk();
    const path = join(desk.folder, 'file');
    writeFileSync(path, 'before');
    const at = await server({
      authorized: [desk.key.line],
      handle: (command, channel) => {
        channel.once('data', (chunk: Buffer) => {
          channel.stderr.write(
            execFileSync('sh', ['-c', `(${command}) 2>&1 >/dev/null; echo "code $?"`], {input: chunk}),
          );
          channel.exit(75);
          channel.end();
        });
        return true;
      },
    });
    const host = await connectTo(at, desk);
    const content = 'y'.repeat(5_000_000);
    await expect(host.write({path, content, ...owner, mode: 0o600})).rejects.toMatchObject({name: 'Abort'});
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(desk.folder).filter((name) => name.startsWith('.fw-'))).toEqual([]);
  });
});

describe('following a command', () => {
  it('gives lines until it ends by itself', async () => {
    const {host} = await hostWith();
    const lines: string[] = [];
    for await (const line of host.follow(['printf', 'a\nb\nc'], new AbortController().signal))
      lines.push(line);
    expect(lines).toEqual(['a', 'b', 'c']);
  });

  it('ends the remote command when the signal is aborted', async () => {
    const {host} = await hostWith();
    const stop = new AbortController();
    const lines: string[] = [];
    for await (const line of host.follow(['sh', '-c', 'echo one; exec sleep 4714'], stop.signal)) {
      lines.push(line);
      stop.abort();
    }
    expect(lines).toEqual(['one']);
    await gone('sleep 4714');
  });

  it('ends the remote command when the reader leaves', async () => {
    const {host} = await hostWith();
    for await (const line of host.follow(
      ['sh', '-c', 'echo one; exec sleep 4715'],
      new AbortController().signal,
    )) {
      expect(line).toBe('one');
      break;
    }
    await gone('sleep 4715');
  });

  it('does not take up memory for a reader that is slow', async () => {
    const {host} = await hostWith();
    let seen = 0;
    for await (const line of host.follow(
      ['sh', '-c', 'yes line | head -n 200000'],
      new AbortController().signal,
    )) {
      if (seen === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      if (line === 'line') seen += 1;
    }
    expect(seen).toBe(200_000);
  });

  it('tells when the command fails', async () => {
    const {host} = await hostWith();
    const reading = (async () => {
      for await (const line of host.follow(
        ['sh', '-c', 'echo no such unit >&2; exit 4'],
        new AbortController().signal,
      ))
        void line;
    })();
    await expect(reading).rejects.toMatchObject({
      name: 'Abort',
      message: expect.stringContaining('ended with code 4'),
      detail: 'no such unit',
    });
  });

  it('feeds a script and gives its lines; neither its text nor the mark of our commands is seen there', async () => {
    const {host, at} = await hostWith();
    const text = 'echo one; tr "\\0" "\\n" </proc/$$/environ | grep -c FAILOVER_WIZARD_RUN; cat; echo two';
    const lines: string[] = [];
    for await (const line of host.follow({label: 'sample', text}, new AbortController().signal))
      lines.push(line);
    expect(lines).toEqual(['one', '0', 'two']);
    expect(at.commands.join()).not.toContain('echo one');
    expect((await host.script({label: 'x', text: text.replace('cat; ', '')})).stdout).toBe('one\n1\ntwo\n');
  });

  it('calls a script that fails by its label', async () => {
    const {host} = await hostWith();
    const reading = (async () => {
      for await (const line of host.follow({label: 'sample', text: 'exit 4'}, new AbortController().signal))
        void line;
    })();
    await expect(reading).rejects.toMatchObject({
      message: 'The command sample on the standby ended with code 4.',
    });
  });

  it('a script beyond its limit is ended by the host, with its children, though nobody takes what it says', async () => {
    const {host} = await hostWith();
    const text = 'sleep 4716 & echo one; while :; do echo more; done';
    for await (const line of host.follow({label: 'sample', text, limitS: 1}, new AbortController().signal)) {
      expect(line).toBe('one');
      await gone('sleep 4716');
      break;
    }
  });

  it('ends a script with all of its children when the reader leaves', async () => {
    const {host} = await hostWith();
    const text = '(sleep 4717 | cat) & echo one; wait';
    for await (const line of host.follow({label: 'sample', text, limitS: 60}, new AbortController().signal)) {
      expect(line).toBe('one');
      break;
    }
    await gone('sleep 4717');
  });

  it('is nothing when it was aborted before', async () => {
    const {host, at} = await hostWith();
    for await (const line of host.follow(['true'], AbortSignal.abort())) expect(line).toBe('never');
    expect(at.commands).toEqual([]);
  });

  async function gone(word: string): Promise<void> {
    const deadline = performance.now() + 5_000;
    while (processes(word).length > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(processes(word)).toEqual([]);
  }
});

describe('the audit log', () => {
  it('has every command with its outcome, the label instead of a script', async () => {
    const {host, desk} = await hostWith();
    await host.run(['false']);
    await host.run(['sleep', '60'], {timeoutMs: 100});
    await host.script({label: 'read the facts', text: 'exit 3'});
    await host.run(['sh', '-c', 'long'], {label: 'a name for it'});
    expect(desk.audit.map(({command, code}) => [command, code])).toEqual([
      ['false', 1],
      ['sleep 60', -1],
      ['read the facts', 3],
      ['a name for it', 127],
    ]);
    expect(desk.audit[0]).toMatchObject({
      host: 'standby',
      target: host.target,
      user: 'root',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('does not show a secret that was fed to a command, even when it stands in another one', async () => {
    const {host, desk} = await hostWith();
    await host.run(['cat'], {stdin: new Secret('s3cret-stdin')});
    await host.run(['echo', 's3cret-stdin']);
    expect(JSON.stringify(desk.audit)).not.toContain('s3cret-stdin');
  });
});

describe.runIf(process.getuid?.() === 0)('another user of the host', () => {
  it('has its own home, name and folder, and none of the privileges', async () => {
    const {host} = await hostWith();
    const home = execFileSync('sh', ['-c', 'echo ~nobody'], {encoding: 'utf8'}).trim();
    const text = 'id -un; echo "$HOME $USER $LOGNAME"; pwd; cat';
    const {stdout} = await host.run(['sh', '-c', text], {user: 'nobody', stdin: 'in\n'});
    expect(stdout).toBe(`nobody\n${home} nobody nobody\n${existsSync(home) ? home : '/'}\nin\n`);
    const folder = `/tmp/fw-user-${process.pid}`;
    mkdirSync(folder, {mode: 0o700});
    await expect(host.read(join(folder, 'x'), {user: 'nobody'})).rejects.toThrow('may not be read');
    execFileSync('rmdir', [folder]);
  });

  it('that does not exist is named', async () => {
    const {host} = await hostWith();
    await expect(host.run(['true'], {user: 'nosuchuser'})).rejects.toThrow(
      'The user nosuchuser does not exist on the standby.',
    );
  });

  it('whose name is a trick is refused', async () => {
    const {host, at} = await hostWith();
    await expect(host.run(['true'], {user: 'root; id'})).rejects.toThrow('cannot be the name of a user');
    expect(at.commands).toEqual([]);
  });
});
