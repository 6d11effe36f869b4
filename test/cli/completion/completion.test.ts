import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn as spawnPty} from '@lydell/node-pty';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {scripts} from '../../../src/cli/completion/scripts.js';
import {tree} from '../help/program-tree.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'completion-'));
  for (const pair of ['default', 'lab'])
    mkdirSync(join(home, '.config', 'failover-wizard', 'pairs', pair), {recursive: true});
  writeFileSync(join(home, 'pair one.json'), '{}');
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(home, `script.${shell}`), scripts[shell](tree));
});
afterAll(() => rmSync(home, {recursive: true}));

const env = () => ({PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'dumb', LC_ALL: 'C.UTF-8'});
const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What is offered behind these words, the last one being typed; the same in every shell. */
const cases: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['wa', ['watch']],
  ['drill s', ['schedule', 'show']],
  ['drill schedule --with ', ['cron', 'launchd', 'timer']],
  ['drill --fault h', ['hang']],
  ['watch --pair ', ['default', 'lab']],
  ['promote --confirm l', ['lab']],
  ['--pair lab watch --no-b', ['--no-bell']],
  ['setup --network ', ['existing', 'tailscale']],
  // The value of an option is no command.
  ['setup --primary watch --standby-m', ['--standby-mode']],
  ['completion ', ['bash', 'fish', 'zsh']],
  ['help dr', ['drill']],
  ['keys ', ['forget', 'list']],
  ['drill history --c', ['--csv']],
];

/** Runs bash's own completion machinery: the function that was registered, as Tab calls it. */
function inBash(typed: string): string[] {
  const words = ['failover-wizard', ...typed.split(' ')];
  const script = `source "$HOME/script.bash"
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
$(complete -p failover-wizard | sed -E 's/.*-F ([^ ]+) .*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const {stdout, stderr} = spawnSync('bash', ['--norc', '-c', script], {
    cwd: home,
    env: env(),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return sorted(stdout);
}

function inFish(typed: string): string[] {
  const {stdout, stderr} = spawnSync(
    'fish',
    ['--no-config', '-c', `source $HOME/script.fish; complete -C 'failover-wizard ${typed}'`],
    {cwd: home, env: env(), encoding: 'utf8'},
  );
  expect(stderr).toBe('');
  return sorted(stdout.replaceAll(/\t.*$/gm, ''));
}

const sorted = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .toSorted();

describe('in bash', () => {
  it.each(cases)('failover-wizard %s', (typed, offered) => {
    expect(inBash(typed)).toEqual(offered);
  });

  it('completes files for --answers, blanks in them or not', () => {
    expect(inBash('setup --answers pair')).toEqual(['pair one.json']);
  });

  it('completes behind an equals sign, which bash makes a word of its own', () => {
    expect(inBash('drill --fault = h')).toEqual(['hang']);
    expect(inBash('drill --fault =')).toEqual(['hang', 'kill', 'partition', 'reboot', 'stop']);
  });

  it('offers every command of the program, and every option of one', () => {
    expect(inBash('')).toEqual(tree.commands.map(({path}) => path[0]).toSorted());
    const drill = tree.commands.find(({path}) => path[0] === 'drill')!;
    const offered = inBash('drill --');
    for (const {names} of drill.options) expect(offered).toContain(names.at(-1));
  });

  it('runs nothing that is written in the name of a folder', () => {
    mkdirSync(join(home, '.config/failover-wizard/pairs/$(touch ran)'));
    mkdirSync(join(home, '.config/failover-wizard/pairs/`touch ran`'));
    expect(inBash('watch --pair ')).toEqual(['default', 'lab']);
    expect(existsSync(join(home, 'ran'))).toBe(false);
    for (const name of ['$(touch ran)', '`touch ran`'])
      rmSync(join(home, '.config/failover-wizard/pairs', name), {recursive: true});
  });

  it('offers nothing where there is no pair, and says nothing', () => {
    rmSync(join(home, 'empty'), {recursive: true, force: true});
    const {stdout, stderr} = spawnSync(
      'bash',
      ['--norc', '-c', 'source "$HOME/script.bash"; HOME=$HOME/empty _failover_wizard_pairs'],
      {env: env(), encoding: 'utf8'},
    );
    expect({stdout, stderr}).toEqual({stdout: '', stderr: ''});
  });
});

describe.skipIf(!has('fish'))('in fish (skipped where it is not installed)', () => {
  it.each(cases)('failover-wizard %s', (typed, offered) => {
    expect(inFish(typed)).toEqual(offered);
  });
  it('completes files for --answers', () => {
    expect(inFish('setup --answers pair')).toEqual(['pair one.json']);
  });
});

describe.skipIf(!has('zsh'))('in zsh (skipped where it is not installed)', () => {
  it('is a script that zsh can read', () => {
    const {status, stderr} = spawnSync('zsh', ['-n', join(home, 'script.zsh')], {encoding: 'utf8'});
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
  });

  it.each([
    ['wa', /failover-wizard watch/],
    ['drill sch', /drill schedule/],
    ['drill schedule --with la', /--with launchd/],
    ['drill --fault=h', /--fault=hang/],
    ['watch --pair l', /--pair lab/],
    ['--pair lab watch --no-b', /--no-bell/],
    ['setup --network t', /--network tailscale/],
    ['setup --answers pair', /pair\\ one\.json/],
    ['completion f', /completion fish/],
    ['help dri', /help drill/],
  ])('Tab behind "failover-wizard %s"', async (typed, becomes) => {
    expect(await tabInZsh(typed, becomes)).toMatch(becomes);
  });
});

/** Types into a real zsh and presses Tab: its screen once it shows what is waited for, or after 8 s. */
async function tabInZsh(typed: string, becomes: RegExp): Promise<string> {
  writeFileSync(
    join(home, '.zshrc'),
    `PS1='ready> '; autoload -Uz compinit; compinit -u -D; source "$HOME/script.zsh"\n`,
  );
  const zsh = spawnPty('zsh', ['-i'], {cols: 120, rows: 30, cwd: home, env: {...env(), TERM: 'xterm'}});
  let raw = '';
  zsh.onData((data) => (raw += data));
  // oxlint-disable-next-line no-control-regex
  const text = () => raw.replaceAll(/\u001b(?:\[[0-9;?]*[A-Za-z]|[=>])/g, '').replaceAll('\b', '');
  const sees = async (what: RegExp) => {
    const deadline = performance.now() + 8000;
    while (!what.test(text()) && performance.now() < deadline) {
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  try {
    await sees(/ready> /);
    zsh.write(`failover-wizard ${typed}\t`);
    await sees(becomes);
    return text();
  } finally {
    zsh.kill('SIGKILL');
  }
}
