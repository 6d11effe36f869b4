import {bad, counted, lineOf} from './words.js';
import type {Area} from './judge.js';
import {mayColour, paint} from '../../screens/theme.js';

/** On stdout: lines, or one JSON object. */
export function show(areas: readonly Area[], {json}: {json: boolean}): void {
  const {stdout} = process;
  if (json) {
    const findings = areas.flatMap(({title, findings}) =>
      findings.map(({about, level, sentence, next}) => ({
        area: title,
        about,
        level,
        sentence,
        next: next ?? null,
      })),
    );
    stdout.write(`${JSON.stringify({ok: !bad(areas), findings})}\n`);
    return;
  }
  const columns = Math.min(stdout.columns ?? 80, 100);
  const colour = mayColour(stdout);
  const lines = areas.flatMap(({title, findings}, index) => [
    ...(index === 0 ? [] : [[]]),
    [{text: title, bold: true}],
    ...findings.flatMap((finding) => lineOf(finding, columns)),
  ]);
  for (const line of [...lines, [], [{text: counted(areas)}]]) stdout.write(`${paint(line, colour)}\n`);
}
