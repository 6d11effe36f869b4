import {describe, expect, test} from 'vitest';
import {escaped} from '../../../src/drill/view/markdown-text.js';
import {reportMarkdown} from '../../../src/drill/view/markdown.js';
import {recorded} from '../recorded.js';
import {reportOf, yearOfDrills} from '../report-of.js';

test.each([
  ['a plain sentence, with (brackets) and 60.5 s.', 'a plain sentence, with (brackets) and 60.5 s.'],
  ['a | b', 'a \\| b'],
  ['*bold* _it_ `code` ~gone~', '\\*bold\\* \\_it\\_ \\`code\\` \\~gone\\~'],
  ['<script>alert(1)</script> &amp;', '\\<script\\>alert(1)\\</script\\> \\&amp;'],
  ['![x](y) [a](b)', '!\\[x\\](y) \\[a\\](b)'],
  ['back\\slash', 'back\\\\slash'],
  ['# a heading', '\\# a heading'],
  ['- a list', '\\- a list'],
  ['+ a list', '\\+ a list'],
  ['1. a list', '1\\. a list'],
  ['2026.9.6', '2026.9.6'],
  ['ask @somebody about #12', 'ask @<!-- -->somebody about \\#<!-- -->12'],
  ['see https://example.org and www.example.org', 'see https:\\/\\/example.org and www\\.example.org'],
  ['$x$', '\\$x\\$'],
  ['two\nlines\r\nof it', 'two lines of it'],
  ['\u001b[31mred\u001b[0m\u0007', 'red'],
])('%j is written as %j', (text, markdown) => expect(escaped(text)).toBe(markdown));

describe('the Markdown of a report', () => {
  test('has the same as the screen, in tables', () => {
    const markdown = reportMarkdown(recorded('passed-stop'), yearOfDrills());
    expect(markdown).toMatchInlineSnapshot(`
      "## Drill 2026-11-20 14:30: ✔ Passed

      The bot was back after 39.9 s, within the 60 s that are asked for. Before that, it took 2.1 s to stop.

      | since the fault | this | usual | promised | plain rule | note |
      | --- | ---: | ---: | ---: | ---: | --- |
      | ✔ first bad probe | 2.4 s | 2.7 s | 10.5 s |  |  |
      | ✔ suspect, asked around | 3.0 s | 3.3 s |  |  |  |
      | **✔ verdict** | 30.1 s | 30.4 s | 32.5 s | 25.0 s | slowest, 27.1 s; grace for an operator |
      | ✔ gateway started | 30.2 s | 30.5 s |  | 25.1 s |  |
      | ✔ gateway ready | 39.8 s | 40.1 s |  | 34.7 s |  |
      | ✔ bot connected | 39.9 s | 40.2 s | 52.0 s | 34.8 s |  |
      | ✔ answered | 43.2 s | 44.0 s |  | 38.1 s | a real message |
      | ✔ told | 41.0 s | 41.3 s |  | 35.9 s |  |
      | ✔ fault undone | 45.0 s | 45.3 s |  |  |  |
      | ✔ primary ready | 52.4 s | 52.7 s |  |  |  |
      | ✔ first good probe | 53.0 s | 53.3 s |  |  |  |
      | ✔ giving back | 83.1 s | 83.4 s |  |  |  |
      | ✔ handed back | 83.6 s | 83.9 s |  |  |  |
      | ✔ at rest | 84.2 s | 84.5 s |  |  |  |

      |  |  |
      | --- | --- |
      | pair | default |
      | fault | stop |
      | measured against | target 60 s |
      | proofs | ✔ channel 39.9 s<br>✔ message 43.2 s |
      | workspace | 3 min old at takeover, nothing to hand back |
      | hosts | primary well, standby asleep, timer disarmed |
      | clocks | times of the hosts are known to ±14 ms |
      | OpenClaw | 2026.9.6 on the primary, 2026.9.6 on the standby |
      | failover-wizard | 1.4.0 |
      | began | 2026-11-20T14:30:00.000Z, ended 2026-11-20T14:31:40.000Z |
      "
    `);
  });
  test('lists why it failed', () => {
    expect(reportMarkdown(recorded('failed-hang'), [])).toContain(
      '- The gateway of the standby was not ready within 30 s: its unit says "exit-code", and its newest line is: Cannot find module @<!-- -->openclaw/telegram.\n- Begun all the same: The credentials',
    );
  });
  test('stays a table whatever a host says', () => {
    const nasty = 'a | b\n| --- |\n</td><img src=x onerror=alert(1)> `';
    const markdown = reportMarkdown(
      reportOf('2026-10-20T14:30:00.000Z', {
        pair: nasty,
        program: nasty,
        openclaw: {primary: nasty, standby: nasty},
        stage: {verdict: {note: nasty}},
        proofs: [{kind: 'model', ok: false, ms: null, detail: nasty}],
        workspace: {behind: 1, dirty: 1, handBack: nasty},
        left: {primary: 'unknown', standby: 'other', deadMan: 'armed', say: nasty},
        verdict: {say: nasty, reasons: [nasty], remarks: []},
      }),
      [],
    );
    expect(markdown).not.toMatch(/(?<!\\)<(?!br>)/);
    const cells = markdown
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split(/(?<!\\)\|/).length);
    expect(new Set(cells)).toEqual(new Set([5, 4]));
  });
});
