// What differs where the operator sits at Windows, as far as it can be told elsewhere: docs/windows.md.
import {describe, expect, it} from 'vitest';
import {chosenForm, formsOf} from '../../src/cli/drill/schedule/choice.js';
import {probeFlag} from '../../src/cli/drill/probe-flag.js';
import {judge} from '../../src/cli/doctor/judge.js';
import {Abort, Exit} from '../../src/errors.js';
import {expandHome} from '../../src/pair/paths.js';
import {expandPath, pathsIn} from '../../src/ssh/operator-config.js';
import {readingsOf} from './doctor/readings-of.js';

describe('paths', () => {
  it.each([
    ['~', 'C:\\Users\\me'],
    ['~/.ssh/id_ed25519', 'C:\\Users\\me\\.ssh\\id_ed25519'],
    ['~\\.ssh\\id_ed25519', 'C:\\Users\\me\\.ssh\\id_ed25519'],
    ['D:\\keys\\id', 'D:\\keys\\id'],
    ['~you/x', '~you/x'],
  ])('%s is %s', (path, full) => {
    expect(expandHome(path, 'C:\\Users\\me', 'win32')).toBe(full);
  });
  it('a backslash is a character of a name elsewhere', () => {
    expect(expandHome('~\\x', '/home/me', 'linux')).toBe('~\\x');
    expect(expandHome('~/x', '/home/me', 'linux')).toBe('/home/me/x');
  });
  it("OpenSSH's name for the folder of all users is that folder", () => {
    expect(expandPath('__PROGRAMDATA__\\ssh/ssh_known_hosts', {ProgramData: 'E:\\PD'}, 'win32')).toBe(
      'E:\\PD\\ssh/ssh_known_hosts',
    );
    expect(expandPath('__PROGRAMDATA__\\ssh/x', {}, 'win32')).toBe('C:\\ProgramData\\ssh/x');
  });
  it.each([
    ['C:\\Users\\Jane Doe/.ssh/known_hosts C:\\Users\\Jane Doe/.ssh/known_hosts2', 2],
    ['__PROGRAMDATA__\\ssh/ssh_known_hosts __PROGRAMDATA__\\ssh/ssh_known_hosts2', 2],
    ['none', 0],
  ])('%s holds %i paths', (list, count) => {
    const paths = pathsIn(list, 'win32');
    expect(paths).toHaveLength(count);
    expect(paths.join(' ')).toBe(count === 0 ? '' : list);
  });
  it('elsewhere every blank divides', () => {
    expect(pathsIn('/a/b  ~/c none', 'linux')).toEqual(['/a/b', '~/c']);
  });
});

/** What is thrown. */
async function thrown(act: () => unknown): Promise<Abort> {
  try {
    await act();
  } catch (error) {
    return error as Abort;
  }
  throw new Error('nothing was thrown');
}

describe('what does not work says so in a sentence, with a way around it', () => {
  it('drill schedule', async () => {
    const forms = formsOf({pair: 'lab', version: '1'}, 'win32');
    const error = await thrown(() => chosenForm(forms, undefined, 'win32'));
    expect(error.message).toBe('On Windows this program sets up no reminder of its own.');
    expect(error.next.join('\n')).toMatch(/--ics drill\.ics[\s\S]*schtasks \/Create[\s\S]*WSL/);
    expect(error.exit).toBe(Exit.failed);
    expect((await thrown(() => chosenForm(forms, 'cron', 'win32'))).exit).toBe(Exit.usage);
  });

  it('drill --probe command=', async () => {
    const error = await thrown(() => probeFlag('command=C:\\bin\\ask.exe', 'C:\\', 'win32'));
    expect(error.message).toMatch(/needs Linux, macOS or WSL/);
    expect(error.exit).toBe(Exit.usage);
    expect(probeFlag('irc=alice', 'C:\\', 'win32')).toMatchObject({kind: 'irc'});
  });

  it('doctor', () => {
    const readings = (windowsTerminal: boolean) =>
      readingsOf({
        platform: 'win32',
        ssh: {agent: {state: 'none'}, keys: [{path: 'k', mode: 0o666, kind: 'encrypted'}], folderMode: 0o777},
        terminal: {term: undefined, locale: undefined, windowsTerminal},
        desktop: {there: true, helper: undefined},
        schedule: {forms: [], of: []},
      });
    const told = (windowsTerminal: boolean) =>
      judge(readings(windowsTerminal))
        .flatMap(({findings}) => findings)
        .filter(({level}) => level !== 'ok')
        .map(({about, next}) => `${about}: ${next}`)
        .join('\n');
    expect(told(true)).toMatch(/^system: docs\/windows\.md/);
    expect(told(true)).toMatch(/agent: .*Start-Service ssh-agent/);
    expect(told(true)).not.toMatch(/chmod|export /);
    expect(told(true)).not.toMatch(/^terminal:/m);
    expect(told(false)).toMatch(/^terminal: Install Windows Terminal/m);
  });
});
