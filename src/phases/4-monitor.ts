import type {Change} from '../plan/change.js';
import {layout, units} from '../templates/layout.js';
import {manifest} from '../templates/manifest.js';
import {monitorView} from './monitor-view.js';
import type {Phase, PlanInput} from './phase.js';
import {otherFilesOf, standbyFilesOf} from './template-input.js';
import type {RemoteFile} from '../ssh/host.js';
import {appliedHash, touches, wantDirectory, wantFile, wantUnit, wantUser} from './wants.js';

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
    for (const file of files) {
      const unit = restarted.find((one) => runsWith(one, file.path));
      changes.push(...wantFile(standby, file, unit === undefined ? {} : {unit}));
    }
    changes.push(
      ...wantFile(
        standby,
        manifest({pairName: pair.name, version}, 'standby', [...files, ...otherFilesOf(input)]),
        {
          title: 'manifest of what is installed',
        },
      ),
    );
    yield* changes;
    yield* unitsOf(input, files, changes);
  },
};

/** Units that go on with what they were started with, until they are restarted. */
const restarted = [units.rolePath, units.syncTimer, units.monitor] as const;

/** Whether a restart of the unit is what brings this file into force. */
function runsWith(unit: string, path: string): boolean {
  return (
    path === `/etc/systemd/system/${unit}` ||
    (unit === units.monitor && (path === layout.monitorProgram || path === layout.monitorSettings))
  );
}

/** Enabled are the monitor, its way to root and the sync timer; the gateway's unit has nothing to enable. */
function* unitsOf(
  {standby}: PlanInput,
  files: readonly RemoteFile[],
  changes: readonly Change[],
): Generator<Change> {
  const running = (unit: string) => {
    const own = files.filter(({path}) => runsWith(unit, path));
    const changed = own.some(({path}) => touches(changes, `standby:file:${path}`));
    return {enabled: true, active: true, applied: appliedHash(own), ...(changed && {restart: true})};
  };
  yield* wantUnit(
    standby,
    units.rolePath,
    running(units.rolePath),
    'the monitor may start and stop the gateway, and nothing else',
  );
  yield* wantUnit(standby, units.syncTimer, running(units.syncTimer), 'workspace fetched every 5 min');
  yield* wantUnit(standby, units.monitor, running(units.monitor), 'health monitor enabled and watching');
  for (const unit of [
    units.gateway,
    units.verify,
    units.role,
    units.sync,
    units.handback,
    units.handbackPush,
  ])
    yield* wantUnit(standby, unit, {}, `systemd reads ${unit} again`);
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
