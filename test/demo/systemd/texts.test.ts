import {describe, expect, test} from 'vitest';
import {nextOf} from '../../../src/demo/systemd/calendar.js';
import {exitText, isClean, signalOf, StatusSet} from '../../../src/demo/systemd/exit-status.js';
import {roughSpan, spanText, spanUs, stampText} from '../../../src/demo/systemd/span.js';
import {unitName} from '../../../src/demo/systemd/unit-files.js';
import {isYes, UnitText} from '../../../src/demo/systemd/unit-text.js';
import {commandsOf, environmentFile, expanded, splitWords} from '../../../src/demo/systemd/words.js';
import {spanS} from '../../../src/drill/dead-man.js';

describe('a unit file', () => {
  const text = new UnitText(
    [
      '# a comment',
      '[Unit]',
      'Wants=a.service',
      'Wants=b.service c.service',
      ' Description = Two words ',
      '[Service]',
      'ExecStart=/bin/a \\',
      '# between',
      '; too',
      '  b c',
      'Environment=A=1',
      'Environment=',
      'Environment=B=2',
      'no key',
      '[Install]',
    ].join('\n'),
  );

  test('has values that repeat, go on in the next line, and are emptied', () => {
    expect(text.names('Unit', 'Wants')).toEqual(['a.service', 'b.service', 'c.service']);
    expect(text.last('Unit', 'Description')).toBe('Two words');
    expect(splitWords(text.last('Service', 'ExecStart')!)).toEqual(['/bin/a', 'b', 'c']);
    expect(text.all('Service', 'Environment')).toEqual(['B=2']);
    expect(text.keys()).toEqual([
      'Unit.Wants',
      'Unit.Description',
      'Service.ExecStart',
      'Service.Environment',
    ]);
  });

  test.each([
    ['yes', true],
    ['TRUE', true],
    ['1', true],
    ['no', false],
    [undefined, false],
  ])('%s is %s', (value, is) => expect(isYes(value)).toBe(is));
});

describe('words', () => {
  test.each([
    ['a b', ['a', 'b']],
    ['"a b" \'c "d\' e"f g"', ['a b', 'c "d', 'ef g']],
    [String.raw`a\x20b "\"q\"" \\ c\td`, ['a b', '"q"', '\\', 'c\td']],
    ['"" x', ['', 'x']],
    ['  ', []],
  ])('%s', (text, words) => expect(splitWords(text)).toEqual(words));

  const none = {mayFail: false, asRoot: false, literal: false};
  test.each([
    ['/bin/a %h %%x', [{...none, words: ['/bin/a', '/root', '%x']}]],
    ['-/bin/a', [{...none, words: ['/bin/a'], mayFail: true}]],
    ['@/bin/a name b', [{...none, words: ['/bin/a', 'b']}]],
    ['+-/bin/a', [{...none, words: ['/bin/a'], mayFail: true, asRoot: true}]],
    [':/bin/a $B', [{...none, words: ['/bin/a', '$B'], literal: true}]],
    [
      String.raw`/bin/a 1 ; /bin/b 2 \; 3`,
      [
        {...none, words: ['/bin/a', '1']},
        {...none, words: ['/bin/b', '2', ';', '3']},
      ],
    ],
  ])('the command %s', (text, commands) => expect(commandsOf(text, {h: '/root'})).toEqual(commands));

  test.each([
    [['$A'], ['x', 'y']],
    [['${A}'], ['x y']],
    [['-${A}-$B-'], ['-x y-1-']],
    [
      ['$$A', '$NONE', '${NONE}', 'a$'],
      ['$A', '', 'a$'],
    ],
  ])('%j with variables', (words, made) => expect(expanded(words, {A: 'x y', B: '1'})).toEqual(made));

  test('a file of variables', () => {
    expect(environmentFile('# no\nA=1\nexport B="2 3"\nC=\'4\'  \n\nD =5\nbad line\n')).toEqual([
      ['A', '1'],
      ['B', '2 3'],
      ['C', '4'],
      ['D', '5'],
    ]);
  });
});

describe('times', () => {
  // As systemd-analyze timespan of systemd 252 has them.
  test.each([
    ['1h 2min 3.004s', 3_723_004_000, '1h 2min 3.004000s'],
    ['5min', 300_000_000, '5min'],
    ['15', 15_000_000, '15s'],
    ['90s', 90_000_000, '1min 30s'],
    ['1.5h', 5_400_000_000, '1h 30min'],
    ['200ms', 200_000, '200ms'],
    ['1w 2d', 777_600_000_000, '1w 2d'],
    ['123456789012us', 123_456_789_012, '1d 10h 17min 36.789012s'],
    ['61.5s', 61_500_000, '1min 1.500000s'],
    ['infinity', Infinity, 'infinity'],
    ['0', 0, '0'],
  ])('the span %s', (text, us, shown) => {
    expect(spanUs(text)).toBe(us);
    expect(spanText(us)).toBe(shown);
    if (us > 0 && us < Infinity) expect(spanS(shown)).toBeCloseTo(us / 1e6);
  });
  test.each(['', 'soon', '5 parsecs', '-5'])('no span: %s', (text) => expect(spanUs(text)).toBeUndefined());

  // As systemd-analyze calendar of systemd 252 has them, with this base.
  const base = Date.parse('2026-11-27T17:16:45Z');
  test.each([
    ['Sat *-*-01..07 03:30:00', '2026-12-05T03:30:00'],
    ['*-*-* 03:30:00', '2026-11-28T03:30:00'],
    ['*-*-15 04:00:00', '2026-12-15T04:00:00'],
    ['Mon..Fri 10:00', '2026-11-30T10:00:00'],
    ['hourly', '2026-11-27T18:00:00'],
    ['*:0/15', '2026-11-27T17:30:00'],
    ['*-02-29 00:00:00', '2028-02-29T00:00:00'],
    ['weekly', '2026-11-30T00:00:00'],
    ['2027-02-29', undefined],
    ['at noon', undefined],
  ])('%s comes next at %s', (text, at) => {
    expect(nextOf(text, base)).toBe(at === undefined ? undefined : Date.parse(`${at}Z`));
  });

  test.each([
    [12_345, '12ms'],
    [17_900_000, '17s'],
    [242_000_000, '4min 2s'],
    [100_000_000_000, '1d 3h'],
  ])('%d us ago', (us, text) => expect(roughSpan(us)).toBe(text));
  test('a stamp', () => expect(stampText(base)).toBe('Fri 2026-11-27 17:16:45 UTC'));
});

describe('ends of processes', () => {
  const also = new StatusSet(['0', '143', 'SIGKILL', 'CONFIG']);
  test.each([
    [{code: 0}, true, true],
    [{code: 143}, true, true],
    [{code: 78}, true, true],
    [{code: 1}, false, false],
    [{signal: 'SIGTERM' as const}, true, false],
    [{signal: 'SIGKILL' as const}, true, true],
    [{signal: 'SIGSEGV' as const}, false, false],
  ])('%j', (exit, clean, cleanOfOneshot) => {
    expect([isClean(exit, also, false), isClean(exit, also, true)]).toEqual([clean, cleanOfOneshot]);
  });
  test('in words', () => {
    expect(exitText({code: 203})).toBe('code=exited, status=203/EXEC');
    expect(exitText({signal: 'SIGKILL'})).toBe('code=killed, status=9/KILL');
  });
  test.each([
    ['KILL', 'SIGKILL'],
    ['SIGSTOP', 'SIGSTOP'],
    ['9', 'SIGKILL'],
    ['DANCE', undefined],
  ])('%s is %s', (text, signal) => expect(signalOf(text)).toBe(signal));
});

test.each([
  ['ssh', 'ssh.service'],
  ['a.timer', 'a.timer'],
  ['/etc/systemd/system/b.path', 'b.path'],
  ['user@1000', 'user@1000.service'],
])('%s is the unit %s', (given, name) => expect(unitName(given)).toBe(name));
test('what is no name is refused', () => expect(() => unitName('a b;c')).toThrow('Invalid unit name'));
