import {describe, expect, it} from 'vitest';
import {askOf, probeOf, probeProblem} from '../../../src/drill/probe/index.js';
import {ircPlace} from '../../../src/drill/probe/irc-place.js';
import {freshNonce} from '../../../src/drill/probe/nonce.js';
import type {DrillProbe, Pair} from '../../../src/pair/schema.js';

type Settings = Pair['channel']['settings'];

const place = {host: 'irc.example.org', nick: 'clawbak'};

function pairOf(probe: DrillProbe | undefined, settings: Settings = place, type = 'irc') {
  return {name: 'home', channel: {type, account: 'backup', settings, secrets: {}}, drill: {probe}};
}

const irc: DrillProbe = {kind: 'irc', nick: 'alice', timeoutS: 60};
const command: DrillProbe = {kind: 'command', path: '/no/such/hook', timeoutS: 60};

describe('the probe of a pair', () => {
  it('is what was set, where the channel can be driven', () => {
    expect(probeOf({...pairOf(undefined), drill: undefined})).toBeUndefined();
    expect(probeOf(pairOf(undefined))).toBeUndefined();
    expect(probeOf(pairOf(irc))).toBeTypeOf('function');
    expect(probeOf(pairOf(irc, {}, 'discord'))).toBeUndefined();
    expect(probeOf(pairOf(irc, {host: 'irc.example.org'}))).toBeUndefined();
    expect(probeOf(pairOf(command, {}, 'discord'))).toBeTypeOf('function');
  });

  it('is told the pair, its channel and a word of its own', () => {
    const one = askOf(pairOf(irc));
    expect(one).toEqual({
      pair: 'home',
      nonce: expect.stringMatching(/^[a-z]{8}$/),
      bot: 'clawbak',
      channel: {type: 'irc', account: 'backup', settings: place},
    });
    expect(askOf(pairOf(command, {}, 'discord')).bot).toBe('backup');
    expect(askOf(pairOf(command, {account: '+4915100000002'}, 'signal')).bot).toBe('+4915100000002');
    expect(new Set(Array.from({length: 200}, freshNonce)).size).toBeGreaterThan(195);
  });
});

describe('a problem of the probe', () => {
  it.each<[string, DrillProbe | undefined, Settings, string, RegExp | undefined]>([
    ['none was set', undefined, {}, 'discord', undefined],
    ['IRC that lets everybody in', irc, {...place, dmPolicy: 'open', allowFrom: ['*']}, 'irc', undefined],
    [
      'IRC that lets the nick in',
      irc,
      {...place, dmPolicy: 'allowlist', allowFrom: ['irc:Alice!~a@h']},
      'irc',
      undefined,
    ],
    ['a star in the list', irc, {...place, dmPolicy: 'allowlist', allowFrom: ['*']}, 'irc', undefined],
    ['pairing', irc, {...place, dmPolicy: 'pairing'}, 'irc', undefined],
    ['another channel', irc, {}, 'discord', /over IRC, but the standby's channel is discord/],
    ['no server', irc, {nick: 'clawbak'}, 'irc', /name no server and nick/],
    ["the bot's nick", irc, {...place, nick: 'ALICE'}, 'irc', /the bot's own nick/],
    ['nobody let in', irc, {...place, dmPolicy: 'disabled'}, 'irc', /takes no private messages/],
    [
      'others let in',
      irc,
      {...place, dmPolicy: 'allowlist', allowFrom: ['alicea!~a@h']},
      'irc',
      /no entry for alice,/,
    ],
    ['no list', irc, {...place, dmPolicy: 'allowlist'}, 'irc', /no entry for alice,/],
    ['no program', command, {}, 'discord', /^The drill's own message: \/no\/such\/hook is not there\.$/],
  ])('%s', async (_what, probe, settings, type, words) => {
    const problem = await probeProblem(pairOf(probe, settings, type));
    if (words) expect(problem).toMatch(words);
    else expect(problem).toBeUndefined();
  });
});

describe('where the bot is asked', () => {
  it.each<[Settings, unknown]>([
    [place, {...place, tls: true, port: 6697}],
    [
      {...place, tls: false},
      {...place, tls: false, port: 6667},
    ],
    [
      {...place, port: '7000'},
      {...place, tls: true, port: 7000},
    ],
    [{...place, host: 'h\r\nQUIT'}, undefined],
    [{...place, host: '${IRC_HOST}'}, undefined],
    [{...place, nick: 'a b'}, undefined],
    [{...place, nick: '#room'}, undefined],
    [{...place, port: 70_000}, undefined],
    [{...place, tls: 'yes'}, undefined],
  ])('%j', (settings, expected) => expect(ircPlace(settings)).toEqual(expected));
});
