import type {TellingView} from './telling.js';

/** One line for everybody who is told: a word and what stands behind it. Pure. */
export function toldLines(telling: TellingView | null | undefined): [string, string][] {
  if (!telling) return [['told', 'nobody (no entry in notify)']];
  const {targets, problem} = telling;
  return [
    ...(problem === null ? [] : [['telling', problem] as [string, string]]),
    ...targets.map(({name, delivered, error, waiting}): [string, string] => [
      'told',
      [
        `${name}: ${delivered === null ? 'nothing yet' : `last at ${delivered}`}`,
        ...(waiting > 0 ? [`${waiting} waiting`] : []),
        ...(error === null ? [] : [`the newest attempt failed: ${error}`]),
      ].join(', '),
    ]),
  ];
}
