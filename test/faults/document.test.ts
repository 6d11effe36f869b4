import {describe, expect, it} from 'vitest';
import {faultsPage, simulated} from '../lab/faults/document.js';
import {nameOf} from '../lab/faults/row.js';
import {elsewhere, simulator} from '../lab/faults/rows/elsewhere.js';
import {suites} from '../lab/faults/rows/all.js';

const rows = Object.values(suites).flat();

describe('the rows of the fault matrix', () => {
  it('are what docs/faults.md says (npx vitest run test/faults -u writes it)', async () => {
    await expect(await faultsPage(suites)).toMatchFileSnapshot('../../docs/faults.md');
  });

  it('cover the whole matrix, each row at one place', () => {
    const played = new Set(rows.map(({id}) => id));
    const told = elsewhere.map(({id}) => id);
    expect(told.filter((id) => played.has(id))).toEqual([]);
    const all = [...played, ...told].toSorted((a, b) => a - b);
    expect(all).toEqual(Array.from({length: 75}, (_, index) => index + 1));
  });

  it('are left to the simulator only where it plays them', () => {
    const left = elsewhere.filter(({where}) => where === simulator).map(({id}) => id);
    expect(left.filter((id) => !simulated.has(id))).toEqual([]);
  });

  it('have names of their own', () => {
    const names = rows.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('expect something', () => {
    expect(rows.filter(({steps}) => steps.length === 0).map(nameOf)).toEqual([]);
  });
});
