import type {Change, UnitChange} from '../plan/change.js';
import type {RemoteFile} from '../ssh/host.js';
import {standbyGatewayConfig} from '../templates/gateway-config.js';
import {appliedStamp, layout, units} from '../templates/layout.js';
import type {PlanInput} from './phase.js';
import {appliedHash, inputsHash, wantUnit} from './wants.js';

/**
 * A warm standby that becomes cold: before its monitor is a cold one's, to which a gateway that runs is wrong, the
 * sleeping gateway is stopped. Its note goes with it, so that it is done once and undone by becoming warm again.
 */
export function* endSleep({pair, standby}: PlanInput): Generator<Change> {
  if (pair.monitor.standby === 'warm') return;
  if (standby.units[units.warmTimer])
    yield* wantUnit(
      standby,
      units.warmTimer,
      {enabled: false, active: false},
      'no sleeping gateway is looked after',
    );
  const stamp = appliedStamp(units.gateway);
  if (!standby.files[stamp]) return;
  yield {
    kind: 'script',
    id: 'standby:no-sleeping-gateway',
    host: 'standby',
    title: 'no gateway sleeps on the standby',
    doing: 'stop the sleeping gateway',
    timeoutMs: 120_000,
    script: {
      label: `stop the sleeping ${units.gateway}`,
      text: `set -eu
wish=
as=
if [ -f ${layout.role} ]; then read -r wish _ <${layout.role} || true; fi
if [ -f ${layout.runsAs} ]; then read -r as <${layout.runsAs} || true; fi
# One that works in a takeover goes on.
if [ "$wish" != active ] && [ "$as" = asleep ]; then
  systemctl stop ${units.gateway}
  rm -f -- ${layout.runsAs}
fi
rm -f -- ${layout.warmReport} ${stamp}
`,
    },
  };
}

/**
 * A warm standby's gateway sleeps and is looked after; what it was started with is noted, and when that is something
 * else today it is started anew.
 */
export function* sleepingGateway(
  {pair, primary, standby}: PlanInput,
  files: readonly RemoteFile[],
  running: Pick<UnitChange, 'enabled' | 'active' | 'restart' | 'applied'>,
): Generator<Change> {
  if (pair.monitor.standby !== 'warm') return;
  yield* wantUnit(standby, units.warmTimer, running, 'the sleeping gateway is looked after every 5 min');
  const version = primary.openclaw.known ? (primary.openclaw.value?.version ?? '') : '';
  const own = files.filter(({path}) => path.endsWith(`/${units.gateway}`));
  const wanted = inputsHash({
    unit: appliedHash(own),
    config: standbyGatewayConfig(pair, version),
    plugins: standby.plugins,
  });
  const stamp = appliedStamp(units.gateway);
  if (standby.files[stamp]?.content?.trim() === wanted) return;
  yield {
    kind: 'script',
    id: 'standby:sleeping-gateway',
    host: 'standby',
    title: 'the gateway sleeps with what was set up',
    doing: 'start the sleeping gateway anew',
    timeoutMs: 120_000,
    script: {
      label: `start the sleeping ${units.gateway} anew`,
      text: `set -eu
wish=standby
if [ -f ${layout.role} ]; then read -r wish _ <${layout.role} || wish=standby; fi
if [ "$wish" = standby ]; then
  if systemctl -q is-active ${units.gateway}; then
    echo "unprotected $(${layout.node} -p 'Math.round(Number(process.hrtime.bigint()) / 1e6)') until-asleep"
  fi
  systemctl stop ${units.gateway}
  systemctl start ${units.role}
fi
umask 022
mkdir -p -- ${layout.applied}
printf '%s\\n' ${wanted} > ${stamp}.new
mv -fT -- ${stamp}.new ${stamp}
`,
    },
  };
}
