import type {Change} from '../plan/change.js';
import {enabledUnits, layout, units} from '../templates/layout.js';
import {header} from '../templates/header.js';
import {manifest} from '../templates/manifest.js';
import {interrogationKey, interrogationPlan, reportFindings, reportProof} from './interrogation.js';
import {monitorView} from './monitor-view.js';
import {notifySecretNames, notifyTargets} from '../templates/notify-settings.js';
import type {Finding, Phase, PlanInput} from './phase.js';
import {notifyProof} from './proofs.js';
import {endSleep, sleepingGateway} from './warm.js';
import {reportAccess} from './report-access.js';
import {secretsOff} from './secrets-off.js';
import {wayOutFindings} from './witnesses.js';
import {filesMadeThere, otherFilesOf, primaryManifest, standbyFilesOf} from './template-input.js';
import type {RemoteFile} from '../ssh/host.js';
import {
  appliedHash,
  dropUnusedSecrets,
  touches,
  wantDirectory,
  wantEnvFile,
  wantFile,
  wantUnit,
  wantUser,
} from './wants.js';

export const monitor: Phase = {
  id: 'monitor',
  number: 4,
  title: 'Health monitor',
  findings: (input) => [...missingSecrets(input), ...reportFindings(input), ...wayOutFindings(input)],
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
    // Before the monitor is told to ask.
    const access = [...interrogationKey(input), ...reportAccess(input)];
    changes.push(...access);
    if (interrogationPlan(input)) {
      changes.push(
        // The lines of others are gone by then.
        ...wantFile(input.primary, primaryManifest(input, []), {title: 'manifest of what is installed'}),
      );
    }
    const files = standbyFilesOf(input);
    for (const file of files) {
      const unit = [...enabledUnits, units.warmTimer].find((one) => runsWith(one, file.path));
      changes.push(...wantFile(standby, file, unit === undefined ? {} : {unit}));
    }
    changes.push(...notifySecrets(input));
    changes.push(
      ...wantFile(
        standby,
        manifest({pairName: pair.name, version}, 'standby', [...files, ...otherFilesOf(input)], {
          madeThere: filesMadeThere(input),
        }),
        {
          title: 'manifest of what is installed',
        },
      ),
    );
    yield* secretsOff(input);
    yield* changes;
    yield* unitsOf(input, files, changes);
    yield* reportProof(input, access.length > 0);
  },
};

/** Whether a restart of the unit is what brings this file into force: it goes on with what it was started with. */
function runsWith(unit: string, path: string): boolean {
  return (
    path === `/etc/systemd/system/${unit}` ||
    (unit === units.monitor && (path === layout.monitorProgram || path === layout.monitorSettings))
  );
}

/** Enabled are the monitor, its way to root and the sync timer; the gateway's unit has nothing to enable. */
function* unitsOf(
  input: PlanInput,
  files: readonly RemoteFile[],
  changes: readonly Change[],
): Generator<Change> {
  const {standby} = input;
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
  yield* wantUnit(
    standby,
    units.preparePath,
    running(units.preparePath),
    'the standby gets ready as soon as the primary is suspected',
  );
  yield* wantUnit(
    standby,
    units.prepareTimer,
    running(units.prepareTimer),
    'whether the standby could take over is checked once a day',
  );
  if (input.pair.secretsSync !== null)
    yield* wantUnit(
      standby,
      units.secretsPullTimer,
      running(units.secretsPullTimer),
      'secrets pulled every 15 min',
    );
  yield* endSleep(input);
  yield* wantUnit(standby, units.monitor, running(units.monitor), 'health monitor enabled and watching');
  for (const unit of [
    units.gateway,
    units.verify,
    units.role,
    units.sync,
    units.prepare,
    units.port,
    units.handback,
    units.handbackPush,
    units.wake,
    units.outdated,
    ...(input.pair.secretsSync === null ? [] : [units.secretsPull]),
  ])
    yield* wantUnit(standby, unit, {}, `systemd reads ${unit} again`);
  yield* sleepingGateway(input, files, running(units.warmTimer));
  const view = standby.monitorState.known ? monitorView(standby.monitorState.value) : undefined;
  if (view?.state !== 'watching' || view.probe !== 'ok')
    yield {
      kind: 'proof',
      id: 'standby:proof:monitor',
      host: 'standby',
      proof: 'monitor',
      inputs: '',
      title: 'the monitor has seen the primary well',
    };
  yield* notifyProof(input);
}

/** The monitor reads these, and must not write them: who is told is the operator's to say. */
const notifyEnv = {group: layout.monitorUser, mode: 0o640, proofs: ['notify']} as const;

function* notifySecrets({pair, standby, secrets, version}: PlanInput): Generator<Change> {
  const names = notifySecretNames(notifyTargets(pair));
  const entries = Object.fromEntries(names.map((name) => [name, secrets[name] ?? ('present' as const)]));
  const headerText = header({pairName: pair.name, version});
  yield* wantEnvFile(standby, layout.notifySecrets, 'root', entries, headerText, notifyEnv);
  yield* dropUnusedSecrets(standby, layout.notifySecrets, 'root', names, notifyEnv);
}

/** Secrets of notifications that neither this run supplies nor the standby has. */
function missingSecrets({pair, standby, secrets}: PlanInput): Finding[] {
  const have = standby.envFiles[layout.notifySecrets] ?? {};
  const missing = notifySecretNames(notifyTargets(pair)).filter(
    (name) => secrets[name] === undefined && have[name] === undefined,
  );
  if (missing.length === 0) return [];
  return [
    {
      id: 'notify-secrets',
      host: 'standby',
      level: 'blocks',
      sentence: `For telling somebody the standby lacks ${missing.join(', ')}, and this run was not given ${missing.length === 1 ? 'it' : 'them'}.`,
      fix: 'Supply it in the answers (env or file), or take the entry out of "notify".',
    },
  ];
}
