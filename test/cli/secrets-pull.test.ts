import {describe, expect, it} from 'vitest';
import {againCommand, draftOfFlags} from '../../src/cli/flags.js';
import {askTheRest} from '../../src/cli/questions/flow.js';
import type {Asking} from '../../src/cli/questions/question.js';
import {secretQuestions} from '../../src/cli/questions/secrets.js';
import {settle} from '../../src/cli/questions/question.js';
import {secretsPull} from '../../src/cli/questions/secrets-pull.js';
import {flagOf} from '../../src/cli/questions/table.js';
import {pinSource} from '../../src/cli/source-key.js';
import {getAt, type Draft} from '../../src/pair/path.js';
import {problemSentence} from '../../src/pair/check.js';
import {pairSchema} from '../../src/pair/schema.js';
import type {Host} from '../../src/ssh/host.js';
import {fakePrompter, type Reply} from './fake-prompter.js';
import {factsOf} from './facts-of.js';

const ed = 'AAAAC3NzaC1lZDI1NTE5AAAAIKsfHUEXZCNwAWJSQqIk5PyWJv7BaVzbt1ZZYZDPbWlD';
const source = {host: 'keeper@100.64.0.30', path: '~/.secrets', allow: ['a.env']};
const askingOf = (secretsSync?: unknown): Asking => ({
  draft: {
    primary: {ssh: 'root@a'},
    standby: {ssh: 'root@b'},
    ...(secretsSync !== undefined && {secretsSync}),
  },
  saved: {},
  secrets: {},
  asked: [],
  facts: {primary: factsOf('primary'), standby: factsOf('standby')},
});
const settleAll = async (asking: Asking, replies: Reply[], ask = true) => {
  const prompter = fakePrompter(replies);
  const open = [];
  for (const question of secretsPull) {
    const problem = await settle(question, asking, {ask, yes: false}, prompter);
    if (problem) open.push(problemSentence(problem));
  }
  return {open, messages: prompter.asked.map(({message}) => message)};
};

describe('pulling secrets', () => {
  it('is never asked for', async () => {
    const asking = askingOf();
    expect(await settleAll(asking, [])).toEqual({open: [], messages: []});
    expect(getAt(asking.draft, ['secretsSync'])).toBeUndefined();
  });
  it('with a source: only the list is asked, and judged', async () => {
    const asking = askingOf({host: source.host});
    expect(await settleAll(asking, [[/Files to pull/, 'a.env, b.env']])).toEqual({
      open: [],
      messages: ['Files to pull'],
    });
    expect(getAt(asking.draft, ['secretsSync'])).toEqual({...source, allow: ['a.env', 'b.env']});
    await expect(settleAll(askingOf({host: source.host}), [[/Files/, '../a.env']])).rejects.toThrow(
      /plain name/,
    );
  });
  it('where nobody can be asked the list is missing, with its flag', async () => {
    expect((await settleAll(askingOf({host: source.host}), [], false)).open).toEqual([
      'secretsSync.allow: is missing',
    ]);
    expect(flagOf(['secretsSync', 'allow'])).toBe('--secrets-allow <names>');
  });
  it('by flags, and the command that does the same again', () => {
    const draft = draftOfFlags(
      {
        secretsFrom: source.host,
        secretsAllow: 'a.env,b.env',
        secretsPath: '/srv/s',
        secretsHostKey: 'SHA256:x',
      },
      '/here',
    );
    expect(draft).toEqual({
      secretsSync: {host: source.host, path: '/srv/s', allow: ['a.env', 'b.env'], hostKey: 'SHA256:x'},
    });
    expect(againCommand(draft).command).toContain(
      '--secrets-from keeper@100.64.0.30 --secrets-path /srv/s --secrets-allow a.env,b.env --secrets-host-key SHA256:x',
    );
    expect(againCommand({secretsSync: null} as Draft).command).not.toContain('--secrets');
  });
  it("a model's key that is pulled need not be given", () => {
    const required = (secretsSync?: unknown) => {
      const asking = askingOf(secretsSync);
      asking.draft = {
        ...asking.draft,
        model: {primary: 'stub/stub', providers: {stub: {apiKey: '${STUB_KEY}'}}},
      };
      return secretQuestions(asking).find(({path}) => path[2] === 'STUB_KEY')?.required;
    };
    expect(required()).toBe(true);
    expect(required(source)).toBe(false);
  });
  it('is among the questions of setup', async () => {
    const open = await askTheRest(askingOf({host: source.host}), {ask: false, yes: true}, fakePrompter([]));
    expect(open.map(problemSentence)).toContain('secretsSync.allow: is missing');
  });
});

describe('the host key of a third server', () => {
  const pairOf = (secretsSync: unknown) =>
    pairSchema.parse({
      primary: {ssh: 'root@203.0.113.10'},
      standby: {ssh: 'root@203.0.113.20'},
      channel: {type: 'irc'},
      model: {primary: 'a/b'},
      secretsSync,
    });
  const standby = {
    run: async () => ({
      code: 0,
      timedOut: false,
      stdout: `100.64.0.30 ssh-ed25519 ${ed}\n`,
      stderr: '',
      tookMs: 1,
    }),
  } as unknown as Host;
  const untouchable = {
    run: () => {
      throw new Error('nothing was to be scanned');
    },
  } as unknown as Host;
  const pin = async (secretsSync: unknown, replies: Reply[] | undefined, host = standby) => {
    const asking = askingOf(secretsSync);
    const prompter = fakePrompter(replies ?? []);
    await pinSource(pairOf(secretsSync), asking, host, {ask: replies !== undefined, prompter});
    return {kept: getAt(asking.draft, ['secretsSync', 'hostKey']), notes: prompter.notes.join('')};
  };

  it('is shown as the standby sees it, and kept when it is confirmed', async () => {
    const {kept, notes} = await pin(source, [[/Is this its key/, true]]);
    expect(kept).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(notes).toContain(String(kept));
  });
  it('is not kept when it is not', () =>
    expect(pin(source, [[/Is this its key/, false]])).rejects.toMatchObject({exit: 4}));
  it('is told where nobody can be asked, and refused', () =>
    expect(pin(source, undefined)).rejects.toMatchObject({
      exit: 4,
      detail: expect.stringContaining('SHA256:'),
    }));
  it.each([
    ['one that is pinned', {...source, hostKey: `SHA256:${'A'.repeat(43)}`}],
    ['the primary', {...source, host: 'keeper@203.0.113.10'}],
    ['none', null],
  ])('is not looked at for %s', async (_name, secretsSync) =>
    expect((await pin(secretsSync, undefined, untouchable)).notes).toBe(''),
  );
});
