import {expect, test} from 'vitest';
import {run} from './run.js';
import type {Variant} from './sequence.js';
import {parseShort, story} from './story.js';

/** Stories that once broke a rule, as they were shrunk. */
test.each([
  [
    'I8: the settings were read again while the log was written, and the line was lost',
    '48c@76459+10000#717642 20b@82000+5000#342108 52b@86358+0#211505',
  ],
  [
    'I9: the state file was lost, and with it the memory of takeovers',
    '22@11000+0#671203 47b@171000+0#948023 22@172000+0#992755 5@345000+66000#251638',
  ],
  ['I9: the state file was lost, and with it the latch', '37b@11000+196000#462907 47@329000+0#773163'],
  [
    'I4: after two minutes of doubt the answers were 15 s old',
    '37b@11000+147000#9 44@15000+0#3 36@16000+153000#5',
  ],
  ['I4: the host was suspended in the middle of a look', '23b@11922+28000#453685 51@16453+13000#933164'],
  [
    'crash-limit: giving back forgot how often the gateway had crashed',
    '63@11000+270000#580871 4@12000+31000#445192 5@201000+x#963024',
  ],
  [
    'crash-limit: so did the primary that was well again',
    '14@11000+324000#833198 63@12000+400000#522471 4@518000+x#632412',
  ],
  [
    'I4: an SSH that greets and gets no further was taken for a frozen host',
    '32@10000+14000#1 6@11000+16000#1',
    'private only',
  ],
] as const)('%s', async (_what, faults, variant: Variant = 'usual') => {
  const outcome = await run({seed: 1, variant, faults: parseShort(faults)});
  expect(outcome.violation, story(outcome)).toBeUndefined();
});
