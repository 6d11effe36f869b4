import {describe, expect, it} from 'vitest';
import {monitor} from '../../src/phases/4-monitor.js';
import {appliedHash, wantUnit} from '../../src/phases/wants.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {appliedStamp, units} from '../../src/templates/layout.js';
import {primaryPaths, standbyPaths} from '../../src/templates/paths.js';
import {applyToFacts} from './apply-to-facts.js';
import {planInputOf} from './facts.js';

const plan = (input: PlanInput) => [...monitor.plan(input)];
const unitIds = (input: PlanInput) =>
  plan(input)
    .filter(({kind}) => kind === 'unit')
    .map(({id}) => id.replace('standby:unit:', ''));
/** Applies a plan up to a change, as a run that is cut there. */
function applyUntil(input: PlanInput, cut: (id: string) => boolean): void {
  for (const change of plan(input)) {
    if (cut(change.id)) return;
    applyToFacts(change, input);
  }
}
function installed(): PlanInput {
  const input = planInputOf();
  applyUntil(input, () => false);
  return input;
}

describe('phase 4', () => {
  it('ends in nothing to do once it is applied', () => expect(plan(installed())).toEqual([]));
  it.each([units.rolePath, units.syncTimer, units.monitor])(
    'cut between the files and the restart of %s, restarts it in the next run',
    (unit) => {
      const input = installed();
      input.version = '0.2.0';
      applyUntil(input, (id) => id === `standby:unit:${unit}`);
      const [left] = plan(input).filter(({id}) => id === `standby:unit:${unit}`);
      expect(left).toMatchObject({
        kind: 'unit',
        restart: true,
        applied: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      applyUntil(input, () => false);
      expect(plan(input)).toEqual([]);
    },
  );
  it('restarts the monitor whose program was written over and put back, though its note was right', () => {
    const input = installed();
    const programs = input.programs;
    input.programs = {...programs, monitor: '// another\n'};
    applyUntil(input, (id) => id.startsWith('standby:unit:'));
    input.programs = programs;
    applyUntil(input, (id) => id.startsWith('standby:unit:'));
    expect(unitIds(input)).toEqual([units.monitor]);
  });
  it('restarts only the unit whose files differ', () => {
    const input = installed();
    input.programs = {...input.programs, monitor: '// new\n'};
    expect(unitIds(input)).toEqual([units.monitor]);
  });
  it('has systemd read a unit again whose file is newer', () => {
    const input = installed();
    input.standby.units[units.gateway] = {...input.standby.units[units.monitor]!, needDaemonReload: true};
    expect(unitIds(input)).toEqual([units.gateway]);
    applyUntil(input, () => false);
    expect(plan(input)).toEqual([]);
  });
});

describe('what a unit was started with', () => {
  it('is read on both hosts', () => {
    expect(standbyPaths()).toEqual(
      expect.arrayContaining(
        [units.monitor, units.rolePath, units.syncTimer, 'fail2ban.service'].map((unit) =>
          appliedStamp(unit),
        ),
      ),
    );
    expect(primaryPaths()).toContain(appliedStamp(units.pushTimer));
  });
  it('changes with any of its files, and not with their order of bytes between them', () => {
    const file = (path: string, content: string) => ({
      path,
      content,
      owner: 'root',
      group: 'root',
      mode: 0o644,
    });
    expect(appliedHash([file('/a', 'bc')])).not.toBe(appliedHash([file('/ab', 'c')]));
    expect(appliedHash([file('/a', 'b')])).not.toBe(appliedHash([file('/a', 'c')]));
  });
  it('is not noted for a unit that ran before and is not restarted', () => {
    const input = installed();
    const facts = input.standby;
    facts.units[units.monitor]!.unitFileState = 'disabled';
    facts.files[appliedStamp(units.monitor)]!.content = 'same\n';
    const [change] = [...wantUnit(facts, units.monitor, {enabled: true, active: true, applied: 'same'}, 'x')];
    expect(change).not.toHaveProperty('applied');
    expect(change).not.toHaveProperty('restart');
  });
});
