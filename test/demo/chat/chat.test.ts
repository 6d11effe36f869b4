import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {connectPerson} from '../../../src/demo/chat/person.js';
import {startChat, type Chat} from '../../../src/demo/chat/server.js';

let chat: Chat;
let clients: Client[] = [];
beforeEach(async () => {
  chat = await startChat({host: '127.0.0.1', port: 0});
});
afterEach(async () => {
  for (const {socket} of clients) socket.destroy();
  clients = [];
  await chat.close();
});

interface Client {
  socket: Socket;
  heard: string[];
  say: (...lines: string[]) => void;
  hears: (words: RegExp) => Promise<string>;
}

async function client(nick?: string): Promise<Client> {
  const socket = connect({host: '127.0.0.1', port: chat.port});
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const heard: string[] = [];
  createInterface({input: socket}).on('line', (line) => heard.push(line));
  const made: Client = {
    socket,
    heard,
    say: (...lines) => lines.forEach((line) => socket.write(`${line}\r\n`)),
    async hears(words) {
      for (let tries = 0; tries < 1000; tries += 1) {
        const found = heard.find((line) => words.test(line));
        if (found !== undefined) return found;
        // oxlint-disable-next-line no-await-in-loop
        await sleep(5);
      }
      throw new Error(`nobody said ${words}: ${heard.join('\n')}`);
    },
  };
  clients.push(made);
  if (nick !== undefined) {
    made.say(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    await made.hears(/ 422 /);
  }
  return made;
}

const who = (nick: string) => `:${nick}!~${nick}@127.0.0.1`;

describe('the chat server', () => {
  it('lets in, and tells who is there when that changes', async () => {
    const seen: string[][] = [];
    const leave = chat.onChange((online) => seen.push(online));
    const alice = await client('alice');
    await client('clawmain');
    expect(chat.online()).toEqual(['alice', 'clawmain']);
    alice.say('QUIT :bye');
    await alice.hears(/^ERROR :Closing connection: bye/);
    await expect.poll(() => chat.online()).toEqual(['clawmain']);
    leave();
    await client('later');
    expect(seen).toEqual([['alice'], ['alice', 'clawmain'], ['clawmain']]);
  });

  it('passes private messages on, and says when nobody is there', async () => {
    const [alice, bot] = [await client('alice'), await client('clawmain')];
    alice.say(
      'PRIVMSG ClawMain :hello  there: you',
      'NOTICE clawmain :ping',
      'PRIVMSG nobody :hello',
      'PRIVMSG bot',
    );
    await bot.hears(/NOTICE/);
    expect(bot.heard.slice(-2)).toEqual([
      `${who('alice')} PRIVMSG ClawMain :hello  there: you`,
      `${who('alice')} NOTICE clawmain :ping`,
    ]);
    await alice.hears(/ 401 alice nobody :/);
    await alice.hears(/ 412 alice :/);
  });

  it('has one channel', async () => {
    const [alice, bot] = [await client('alice'), await client('clawmain')];
    bot.say('JOIN #elsewhere,#rehearsal');
    await bot.hears(/ 403 clawmain #elsewhere/);
    await bot.hears(/ 366 /);
    alice.say('PRIVMSG #rehearsal :too early', 'JOIN #rehearsal', 'PRIVMSG #rehearsal :clawmain, hello');
    await alice.hears(/ 404 alice #rehearsal/);
    await alice.hears(/ 353 alice = #rehearsal :alice clawmain|353 alice = #rehearsal :clawmain alice/);
    await bot.hears(/JOIN :#rehearsal/);
    await bot.hears(/PRIVMSG #rehearsal :clawmain, hello/);
    expect(alice.heard.some((line) => line.includes('clawmain, hello'))).toBe(false);
    alice.say('PART #rehearsal');
    await bot.hears(/PART #rehearsal/);
    bot.socket.destroy();
    await expect.poll(() => chat.online()).toEqual(['alice']);
  });

  it.each<[string, string, RegExp]>([
    ['a nick that somebody has', 'NICK Taken', /433 \* Taken :Nickname already in use/],
    ['a nick that is none', 'NICK 9lives', /432 \* 9lives/],
    ['a nick of no letters', 'NICK', /431/],
    ['a message before the login', 'PRIVMSG taken :hi', /451/],
  ])('refuses %s', async (_what, line, words) => {
    await client('taken');
    const other = await client();
    other.say(line);
    await other.hears(words);
    expect(chat.online()).toEqual(['taken']);
  });

  it.each<[string, RegExp]>([
    ['PING :abc', /PONG chat\.rehearsal :abc/],
    ['USERHOST alice', /302 alice :alice=\+~alice@127\.0\.0\.1$/],
    ['ISON bob ALICE', /303 alice :alice$/],
    ['WHOIS alice', /311 alice alice ~alice 127\.0\.0\.1 \* :alice$/],
    ['WHOIS bob', /401 alice bob :/],
    ['WHO #rehearsal', /315 alice #rehearsal :/],
    ['WHO alice', /352 alice \* ~alice 127\.0\.0\.1 chat\.rehearsal alice H :0 alice$/],
    ['NICK alicia', /^:alice!~alice@127\.0\.0\.1 NICK :alicia$/],
    ['OPER me', /421 alice OPER :Unknown command/],
    ['USER again 0 * :x', /462/],
  ])('answers %s', async (line, words) => {
    const alice = await client('alice');
    alice.say(line);
    await alice.hears(words);
  });

  it('is not hurt by what is no IRC, by lines without end, or by a client that is cut off', async () => {
    const alice = await client('alice');
    const rude = await client();
    rude.socket.write(Buffer.alloc(300_000, 'x'));
    rude.say('', ':', '\0\0', 'GET / HTTP/1.1', `PRIVMSG alice :${'y'.repeat(20_000)}`);
    const cut = await client('cut');
    cut.socket.resetAndDestroy();
    await expect.poll(() => chat.online()).toEqual(['alice']);
    alice.say(`PRIVMSG alice :${'ä'.repeat(600)}`);
    const line = await alice.hears(/PRIVMSG alice/);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
  });

  it('puts everybody out when it closes, and its port is free', async () => {
    const alice = await client('alice');
    const {port} = chat;
    await Promise.all([chat.close(), once(alice.socket, 'close')]);
    chat = await startChat({host: '127.0.0.1', port});
    await expect(startChat({host: '127.0.0.1', port})).rejects.toThrow('EADDRINUSE');
  });
});

describe('a person', () => {
  const person = (nick = 'alice') => connectPerson({host: '127.0.0.1', port: chat.port, nick});

  it('asks, and hears the answer of that nick with the word', async () => {
    const [alice, bot, other] = [await person(), await client('bot'), await client('other')];
    const asked = alice.ask('Bot', 'say tovanilu', {timeoutMs: 10_000, word: 'tovanilu'});
    await bot.hears(/PRIVMSG Bot :say tovanilu/);
    other.say('PRIVMSG alice :tovanilu from somebody else');
    bot.say('PRIVMSG alice :not yet', 'PRIVMSG alice :\x0304\x02TOVANILU\x02!');
    const answer = await asked;
    expect(answer).toMatchObject({kind: 'answer', text: 'TOVANILU!'});
    expect(answer.kind === 'answer' && answer.ms).toBeGreaterThanOrEqual(0);
    expect(await alice.online('bot', 'nobody', 'OTHER')).toEqual(['bot', 'other']);
    await alice.close();
    await expect.poll(() => chat.online()).toEqual(['bot', 'other']);
  });

  it('is told when nobody is there, when nothing is said, and when the chat is gone', async () => {
    const alice = await person();
    await client('mute');
    expect(await alice.ask('nobody', 'hello', {timeoutMs: 10_000})).toEqual({kind: 'absent'});
    expect(await alice.ask('mute', 'hello', {timeoutMs: 50})).toEqual({kind: 'silent'});
    const cut = alice.ask('mute', 'hello', {timeoutMs: 10_000});
    await chat.close();
    expect(await cut).toEqual({kind: 'closed'});
    expect(await alice.ask('mute', 'hello', {timeoutMs: 10_000})).toEqual({kind: 'closed'});
    await alice.close();
  });

  it('is told why it is not let in', async () => {
    await client('alice');
    await expect(person()).rejects.toThrow('does not let alice in: Nickname already in use.');
    const {port} = chat;
    await chat.close();
    await expect(connectPerson({host: '127.0.0.1', port, nick: 'bob'})).rejects.toThrow(/ECONNREFUSED/);
  });
});
