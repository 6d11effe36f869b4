import {layout} from '../../templates/layout.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {ChangeOf} from '../change.js';
import type {Apply} from '../kind.js';
import {judged} from '../must.js';
import {exchange, standbyAtRest} from './exchange.js';
import {refuseBusy, windowLines} from './window-lines.js';

/** kB that must be available for a gateway to be started beside what runs: it takes 0.9 GB. */
const rehearsalNeedsKb = 1_400_000;
/** A port that nothing of the pair uses. */
const rehearsalPort = 18_971;
/** s until the new gateway must be ready: 17 s on two cores. */
const rehearsalLimitS = 120;

const rehearsalUnit = 'openclaw-failover-rehearsal.service';

/**
 * A global npm package at an exact version under a prefix of its own, root-owned. The install scripts of its
 * hundreds of dependencies do not run; `complete` is started once, because OpenClaw finishes its own installation at
 * its first start and needs to write for it. Built beside the old one and swapped in: a cut leaves no half package, and
 * a takeover at any moment starts the whole old one or the whole new one.
 */
export const npmPackage: Apply<'npm-package'> = async (change, context) => {
  const {host} = context;
  const spec = `${change.package}@${change.version}`;
  const ran = await host.script(
    {label: `npm install ${spec}`, text: installScript(change)},
    {timeoutMs: 900_000, onLine: windowLines(change, context)},
  );
  refuseBusy(ran);
  judged(host, ran, {
    doing: `install ${spec}`,
    next: ['Check that the npm registry can be reached from the host, then run the same command again.'],
  });
};

function installScript(change: ChangeOf<'npm-package'>): string {
  const {prefix, version, package: name} = change;
  return `set -eu
umask 022
place=${q(prefix)}
new=$place.new
cache=${q(layout.opt)}/npm-cache
trap 'rm -rf "$new" "$cache"' EXIT
${exchange}${standbyAtRest}
rm -rf "$new"
mkdir -p "$new"
PATH=${q(layout.nodeDir)}/bin:/usr/local/bin:/usr/bin:/bin
export PATH
${change.rehearse ? '# A takeover meanwhile needs the processor more.\nnice -n 15 ' : ''}npm install --global --prefix "$new" --cache "$cache" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=warn ${q(`${name}@${version}`)} </dev/null
seen=$(node -p 'require(process.argv[1]).version' "$new/lib/node_modules/${name}/package.json")
[ "$seen" = ${q(version)} ] || { echo "npm installed $seen instead of ${version}" >&2; exit 1; }
${
  change.complete
    ? `node "$new/lib/node_modules/${name}/${change.complete}" --version </dev/null
`
    : ''
}${change.rehearse ? rehearsal(`lib/node_modules/${name}/dist/index.js`, version) : ''}stop_when_busy
end_sleep
stop_when_busy
exchange "$new" "$place"
rm -rf "$place.old"
mkdir -p ${q(layout.proofs)}
rm -f ${q(layout.proofs)}/models ${q(layout.proofs)}/live ${q(layout.proofs)}/failover
`;
}

/**
 * The new gateway is started before it takes its place: bound over the old one for itself alone, with a state folder and
 * a port of its own, no channel and no crons. It shows that it gets ready with this Node on this host, and compiles it
 * as it will be found: by its final path. A takeover ends it, for it needs the processor.
 */
function rehearsal(entry: string, version: string): string {
  return `rehearse() {
  available=$(sed -n 's/^MemAvailable: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)
  if [ "$available" -lt ${rehearsalNeedsKb} ]; then
    echo "not started beforehand: $((available / 1024)) MB of memory are available"
    return 0
  fi
  # One that was cut off.
  systemctl stop ${rehearsalUnit} 2>/dev/null || :
  rm -rf /var/tmp/failover-rehearsal.??????
  stage=$(mktemp -d /var/tmp/failover-rehearsal.XXXXXX)
  printf '{"meta":{"lastTouchedVersion":"%s"},"gateway":{"port":%s,"mode":"local","bind":"loopback","auth":{"mode":"token","token":"%s"}},"cron":{"enabled":false}}\\n' \\
    ${q(version)} ${rehearsalPort} "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')" >"$stage/openclaw.json"
  chmod 600 "$stage/openclaw.json"
  chown -R ${layout.user}:${layout.user} "$stage"
  systemctl reset-failed ${rehearsalUnit} 2>/dev/null || :
  systemd-run --quiet --collect --unit=${rehearsalUnit} --uid=${layout.user} --gid=${layout.user} \\
    --property=RuntimeMaxSec=${rehearsalLimitS + 60} --property=TimeoutStopSec=10 --property=KillMode=mixed --property=Nice=10 \\
    --property=EnvironmentFile=-/etc/environment --property="BindReadOnlyPaths=$new:$place" \\
    --property=CacheDirectory=${layout.compileCache.split('/').at(-1)} --property=CacheDirectoryMode=0700 \\
    --setenv=NODE_COMPILE_CACHE=${layout.compileCache} --setenv=HOME="$stage" --setenv=OPENCLAW_STATE_DIR="$stage" \\
    --setenv=OPENCLAW_CONFIG_PATH="$stage/openclaw.json" --setenv=OPENCLAW_CONFIG_READONLY=1 --setenv=PATH="$PATH" \\
    -- ${layout.node} "$place/${entry}" gateway
  begun=$(date +%s)
  result=late
  while [ $(($(date +%s) - begun)) -lt ${rehearsalLimitS} ]; do
    if takes_over; then result=busy; break; fi
    if ! systemctl -q is-active ${rehearsalUnit}; then result=ended; break; fi
    if [ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' http://127.0.0.1:${rehearsalPort}/readyz || :)" = 200 ]; then result=ready; break; fi
    sleep 0.5
  done
  if [ "$result" != ready ] && [ "$result" != busy ]; then
    journalctl -u ${rehearsalUnit} --since="@$begun" -n 12 --no-pager -o cat >&2 || :
  fi
  systemctl stop ${rehearsalUnit} 2>/dev/null || :
  rm -rf "$stage"
  case $result in
    ready) echo "the new gateway was ready after $(($(date +%s) - begun)) s, beside the old one" ;;
    busy) stop_when_busy ;;
    *) echo "OpenClaw ${version} does not get ready on this host ($result); the old one stays in its place" >&2; exit 1 ;;
  esac
}
rehearse
`;
}
