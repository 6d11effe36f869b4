// docs/faults.md, from the rows themselves.

import {format} from 'prettier';
import {faults} from '../../simulator/faults/index.js';
import {elsewhere} from './rows/elsewhere.js';
import type {Row} from './row.js';

const head = `# What the pair is tried against

Every row is a fault, and what must follow it. Times count from the fault, which comes at
any moment between two probes; 2.5 s more are allowed, for the hosts of a test share one machine. "lab" are two real hosts with systemd (\`npm run
test:lab\`), "long" the rows that take minutes (\`npm run test:lab:long\`); "real" rows run OpenClaw's gateway on the
host that is named, the others a small server that answers as it is told. After each row it is audited that the
standby's gateway ran only in the states for it, that every change of state is one event, in order and without a hole,
that no step lasted for ever, that there were at most two takeovers in 15 min, and that no restart changed a role. The
simulator plays thousands of sequences of such faults, without a host.

This page is made from \`test/lab/faults/rows/\`; \`npx vitest run test/faults -u\` writes it again.
`;

/** Numbers of the rows that the simulator plays. */
export const simulated: ReadonlySet<number> = new Set(faults.map(({row}) => Number.parseInt(row, 10)));

interface Line {
  id: number;
  variant: string;
  cells: readonly string[];
}

/** The page, formatted as prettier wants it. */
export async function faultsPage(suites: Readonly<Record<string, readonly Row[]>>): Promise<string> {
  const lines: Line[] = [
    ...Object.entries(suites).flatMap(([suite, rows]) => rows.map((row) => lineOf(row, suite))),
    ...elsewhere.map(({id, title, expected, where}) => ({
      id,
      variant: '',
      cells: [`${id}`, title, expected, where],
    })),
  ];
  const table = lines
    .toSorted((a, b) => a.id - b.id || a.variant.localeCompare(b.variant))
    .map(({cells}) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  const text = `${head}\n| row | fault | what must follow | where |\n| --- | --- | --- | --- |\n${table.join('\n')}\n`;
  return format(text, {parser: 'markdown', printWidth: 110});
}

function lineOf({id, variant = '', title, fault, given, steps, ...row}: Row, suite: string): Line {
  const real = (['primary', 'standby'] as const).filter((side) => row[side] === 'real');
  const faults = [given?.text, fault.text].filter((text) => text !== undefined && text !== 'nothing');
  const lasting = row.for === undefined ? '' : `, for ${row.for / 1000} s`;
  return {
    id,
    variant,
    cells: [
      `${id}${variant}`,
      `${title}${faults.length > 0 ? `: ${faults.join('; ')}${lasting}` : ''}`,
      steps.map(({text}) => text).join('; '),
      [suite, real.length > 0 && `real ${real.join(' and ')}`, simulated.has(id) && 'simulator']
        .filter((word) => word !== false)
        .join(', '),
    ],
  };
}
