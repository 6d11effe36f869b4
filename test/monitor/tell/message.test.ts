import {describe, expect, it} from 'vitest';
import {table} from '../../../src/monitor/machine.js';
import {advice} from '../../../src/monitor/tell/advice.js';
import {bodyOf} from '../../../src/monitor/tell/deliver/send.js';
import {messageOf, textOf} from '../../../src/monitor/tell/message.js';
import {eventAt, teller} from './given.js';

describe('what to do', () => {
  it.each(Object.entries(advice))('is a sentence for %s', (_event, {title, advice: text}) => {
    expect(text).toMatch(/^[A-Z].{8,}[.?]$/);
    expect(title).toMatch(/^[A-Z].{3,}[^.]$/);
  });
  it.each([...new Set(table.filter(({level}) => level === 'alert').map(({event}) => event))])(
    'is more than "nothing" for the alert %s',
    (event) => expect(advice[event].advice).not.toBe('Nothing to do.'),
  );
});

describe('a message', () => {
  const event = {
    ...eventAt(40, 17, 'promoted', 'alert', 'Taken over: the irc account "backup" is connected.'),
    from: 'promoting' as const,
    to: 'active' as const,
    evidence: {
      probe: {class: 'refused' as const, tookMs: 1, detail: 'ECONNREFUSED'},
      bad: 3,
      witness: {alive: true, by: '10.0.0.1 answered'},
      unit: {state: 'running' as const, result: 'success', exitCode: 0},
      gateway: {live: true, ready: true},
      channel: {connected: true, detail: ''},
      role: {want: 'active' as const, seq: 3},
      promotions: 1,
    },
    durations: {inStateMs: 1, sinceLastOkMs: 34_000},
  };

  it('says what happened, why, and what to do, with pair and host', () => {
    expect(textOf(messageOf(event, teller))).toBe(
      [
        'Taken over (pair default, told by claw-standby)',
        'Taken over: the irc account "backup" is connected.',
        "Why: The newest probe of the primary was refused (ECONNREFUSED), 3 bad probes in a row; the last good answer is 34 s old; the network of the standby is up (10.0.0.1 answered); the standby's own gateway is running, ready; its channel account is connected.",
        `What to do: ${advice.promoted.advice} When it is well again, the standby gives back by itself.`,
      ].join('\n'),
    );
  });

  it.each([
    ['by-hand', /took over by hand.*stays in charge until somebody gives back/],
    ['manual', /Failback is manual/],
    ['latched', /several takeovers.*stays in charge for a while/],
    ['paused', /A pause is in force/],
  ] as const)('promises no give-back by itself where it is held: %s', (stays, words) => {
    const held = {...event, evidence: {...event.evidence, stays}};
    const {advice: text} = messageOf(held, teller);
    expect(text).toMatch(words);
    expect(text).not.toContain('by itself');
  });

  it('has an id that is the same each time, and another one for another event', () => {
    expect(messageOf(event, teller).id).toBe(messageOf({...event}, teller).id);
    expect(messageOf({...event, seq: 18}, teller).id).not.toBe(messageOf(event, teller).id);
  });

  it('that waits for a person says so; the end of the trouble does not', () => {
    const full = eventAt(0, 1, 'disk', 'alert', 'The state cannot be written.');
    expect(textOf(messageOf(full, teller))).toContain('Please do: ');
    expect(textOf(messageOf({...full, level: 'info'}, teller))).toContain('What to do: Nothing to do.');
  });

  it('holds nothing that others wrote but clean, bounded lines', () => {
    const evil = {...event, say: `\u001B[2J<!everyone>\n@here ${'x'.repeat(9000)}`};
    const message = messageOf(evil, {pair: 'default', host: 'h\u0007ost'});
    expect(message.what).toHaveLength(600);
    expect(JSON.stringify(message)).not.toMatch(/\\u00|\\n/);
    const body = bodyOf(message);
    expect(body['text']).not.toContain('<!everyone>');
    expect(body).toMatchObject({id: message.id, what: message.what, allowed_mentions: {parse: []}});
    expect(String(body['content']).length).toBeLessThanOrEqual(1900);
  });
});
