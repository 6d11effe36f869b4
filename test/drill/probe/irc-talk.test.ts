import {describe, expect, it} from 'vitest';
import {parseIrc} from '../../../src/drill/probe/irc-lines.js';
import {beginTalk, hear, pass, unanswered, type Talk, type Turn} from '../../../src/drill/probe/irc-talk.js';

const begun = beginTalk({nick: 'alice', bot: 'clawbak', nonce: 'tovanilu', server: 'chat:6697'});

/** Plays lines of the server (`+15 LINE`: that many s later) with a look every quarter of a second. */
function play(...script: readonly string[]): Turn & {sent: string[]; said: string[]} {
  const sent: string[] = [...begun.send];
  const said: string[] = [];
  let turn: Turn = begun;
  let nowMs = 0;
  const take = (next: Turn) => {
    turn = next;
    sent.push(...next.send.map((line) => `${nowMs / 1000} ${line.trimEnd()}`));
    said.push(...next.say);
  };
  for (const entry of script) {
    const [, wait = '0', line = ''] = /^(?:\+([\d.]+) ?)?(.*)$/.exec(entry) ?? [];
    for (const until = nowMs + Number(wait) * 1000; nowMs < until;) {
      nowMs += 250;
      take(pass(turn.talk, nowMs));
    }
    const message = parseIrc(line);
    if (message) take(hear(turn.talk, message, nowMs));
    if (turn.end) break;
    take(pass(turn.talk, nowMs));
  }
  return {...turn, sent, said};
}

const asks = ({sent}: {sent: string[]}) =>
  sent.filter((line) => line.includes('PRIVMSG')).map((line) => Number(line.split(' ')[0]));

const welcome = ':hub 001 alice :Welcome';
const absent = ':hub 401 alice clawbak :No such nick';

describe('a talk with the bot', () => {
  it('begins with the nick, and asks once the server has let us in', () => {
    expect(begun.send).toEqual(['NICK :alice\r\n', 'USER alice 0 * :alice\r\n']);
    expect(asks(play('+5'))).toEqual([]);
    expect(play(welcome).sent.slice(2)).toEqual([
      '0 PRIVMSG clawbak :Failover drill: please answer with the word tovanilu.',
      '0 USERHOST :alice',
    ]);
  });

  it('answers PING before and after that', () => {
    expect(play('PING :abc', welcome, 'PING hub').sent).toEqual(
      expect.arrayContaining(['0 PONG :abc', '0 PONG :hub']),
    );
  });

  it.each(['tovanilu', 'TOVANILU!', 'Sure: \x02tovanilu\x02.', `${'x'.repeat(400)} tovanilu`])(
    'ends with the answer %j',
    (text) => {
      const {end, talk} = play(welcome, '+2.5', `:ClawBak!c@h PRIVMSG Alice :${text}`);
      expect(end).toMatchObject({ok: true, askedAtMs: 0, answeredAtMs: 2500});
      expect(talk.askedAtMs).toBe(0);
    },
  );

  it.each([
    ['of somebody else', ':mallory!m@h PRIVMSG alice :tovanilu'],
    ['in a channel', ':clawbak!c@h PRIVMSG #room :tovanilu'],
    ['of the server', ':hub NOTICE alice :tovanilu'],
    ['that is no message', ':clawbak!c@h QUIT :tovanilu'],
    ['without the word', ':clawbak!c@h PRIVMSG alice :I cannot do that'],
  ])('takes no word %s for an answer', (_what, line) =>
    expect(play(welcome, '+1', line).end).toBeUndefined(),
  );

  it('asks a silent bot again, each time later', () => {
    expect(asks(play(welcome, '+200'))).toEqual([0, 15, 45, 105, 165]);
  });

  it('looks for a bot that is not there every 3 s, and counts from the message that reached it', () => {
    const late = play(
      welcome,
      absent,
      '+3',
      absent,
      '+3',
      absent,
      '+3',
      '+1',
      ':clawbak!c@h PRIVMSG alice :tovanilu',
    );
    expect(asks(late)).toEqual([0, 3, 6, 9]);
    expect(late.end).toMatchObject({ok: true, askedAtMs: 9000, answeredAtMs: 10_000});
    expect(late.said.filter((line) => line.includes('not there'))).toHaveLength(1);
  });

  it('keeps the first message that reached a bot that is gone later', () => {
    const gone = play(welcome, '+15', absent, '+3', '+1', ':clawbak!c@h PRIVMSG alice :tovanilu');
    expect(gone.end).toMatchObject({ok: true, askedAtMs: 0, answeredAtMs: 19_000});
  });

  it.each([
    [':hub 433 * alice :Nickname already in use', /nick alice is in use: another client/],
    [':hub 432 * alice :Nickname too long', /alice is no nick that it allows/],
    [':hub 464 * :Bad password', /wants a password/],
    [':hub 465 * :You are banned', /is banned/],
  ])('%s ends it before it began', (line, reason) => {
    expect(play(line).end).toMatchObject({ok: false, reason: expect.stringMatching(reason)});
    // The same later is about something else.
    expect(play(welcome, line).end).toBeUndefined();
  });
});

describe('no answer', () => {
  const told = (why: 'timeout' | 'stopped' | 'closed', ...script: readonly string[]) => {
    const end = unanswered(play(...script).talk, why, 120);
    if (end.ok) throw new Error('is none');
    return `${end.reason} ${end.detail}`.trim();
  };

  it.each<[string, string[], string]>([
    ['nobody let us in', [], 'chat:6697 did not let alice in within 120 s.'],
    ['no bot', [welcome, absent], 'Nobody called clawbak was there within 120 s.'],
    [
      'a silent bot',
      [welcome, ':hub 302 alice :alice=+~alice@203.0.113.7'],
      "clawbak did not answer within 120 s. The word was tovanilu. The account's allowFrom has to let in alice!~alice@203.0.113.7.",
    ],
    [
      'another answer',
      [welcome, ':clawbak!c@h PRIVMSG alice :Pairing \x1b[31mcode: 123'],
      'clawbak did not answer with the word within 120 s. Last was said: Pairing code: 123 The word was tovanilu.',
    ],
    [
      'a message that the server does not pass on',
      [welcome, ':hub 477 alice clawbak :You need to be identified'],
      'clawbak did not answer with the word within 120 s. Last was said: You need to be identified The word was tovanilu.',
    ],
  ])('%s', (_what, script, words) => expect(told('timeout', ...script)).toBe(words));

  it('says who ended it', () => {
    expect(told('stopped', welcome)).toMatch(/^The probe was stopped/);
    expect(told('closed', welcome, 'ERROR :Going down')).toMatch(
      /^chat:6697 closed .* Last was said: Going down/,
    );
  });

  it('keeps what a server says bounded', () => {
    const {talk}: {talk: Talk} = play(welcome, `:clawbak!c@h PRIVMSG alice :${'x'.repeat(8000)}`);
    expect(talk.heard.length).toBeLessThanOrEqual(300);
  });
});
