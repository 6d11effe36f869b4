import type {Change} from '../plan/change.js';
import {layout, units} from '../templates/layout.js';
import {manifest} from '../templates/manifest.js';
import {monitorView} from './monitor-view.js';
import type {Phase, PlanInput} from './phase.js';
import {standbyFilesOf} from './template-input.js';
import {touches, wantDirectory, wantFile, wantUnit, wantUser} from './wants.js';

export const monitor: Phase = {
  id: 'monitor',
  number: 4,
  title: 'Health monitor',
  *plan(input) {
    const {pair, standby, version} = input;
    const changes: Change[] = [
      ...wantUser(
        standby,
        layout.monitorUser,
        layout.state,
        true,
        `user ${layout.monitorUser}, without a login`,
      ),
    ];
    changes.push(
      ...wantDirectory(standby, layout.lib, 'root', 0o755),
      ...wantDirectory(standby, layout.etc, 'root', 0o755),
    );
    const files = standbyFilesOf(input);
    for (const file of files) changes.push(...wantFile(standby, file));
    changes.push(
      ...wantFile(standby, manifest({pairName: pair.name, version}, 'standby', files), {
        title: 'manifest of what is installed',
      }),
    );
    yield* changes;
    yield* unitsOf(input, changes);
  },
};

/** Enabled are the monitor, its way to root and the sync timer; the gateway's unit has nothing to enable. */
function* unitsOf({standby}: PlanInput, changes: readonly Change[]): Generator<Change> {
  const changed = (unit: string) => touches(changes, `standby:file:/etc/systemd/system/${unit}`);
  const running = (restart: boolean) => ({enabled: true, active: true, ...(restart && {restart})});
  yield* wantUnit(
    standby,
    units.rolePath,
    running(changed(units.rolePath)),
    'the monitor may start and stop the gateway, and nothing else',
  );
  yield* wantUnit(
    standby,
    units.syncTimer,
    running(changed(units.syncTimer)),
    'workspace fetched every 5 min',
  );
  const restart =
    changed(units.monitor) ||
    [layout.monitorProgram, layout.monitorSettings].some((path) => touches(changes, `standby:file:${path}`));
  yield* wantUnit(standby, units.monitor, running(restart), 'health monitor enabled and watching');
  const view = standby.monitorState.known ? monitorView(standby.monitorState.value) : undefined;
  if (view?.state === 'watching' && view.probe === 'ok') return;
  yield {
    kind: 'proof',
    id: 'standby:proof:monitor',
    host: 'standby',
    proof: 'monitor',
    inputs: '',
    title: 'the monitor has seen the primary well',
  };
}
