import type {RemovalChange} from '../plan/kinds/index.js';
import {layout, units} from '../templates/layout.js';
import {hardeningFiles} from '../templates/ours.js';
import {isRunning, type Footprint} from './footprint.js';
import {manifestGone, pathsGone, unitsGone, usersGone} from './gone.js';
import {ownsUser, type RemovalInput} from './input.js';

export function* silence({standby}: RemovalInput): Generator<RemovalChange> {
  if (!standby) return;
  yield* unitsGone(standby.footprint, {
    off: 'monitor, timers and gateway are stopped, the monitor first',
    // A warm standby's gateway that sleeps talks to nobody.
    interrupts: isRunning(standby.footprint, units.gateway) && !standby.asleep,
    files: 'nothing is left that could start the gateway: the units go',
  });
}

export function* offStandby({standby, choices}: RemovalInput): Generator<RemovalChange> {
  if (!standby) return;
  const {footprint} = standby;
  yield* pathsGone(footprint, 'programs, OpenClaw and its Node, state, caches');
  yield* usersGone(footprint, {
    stays: (user) =>
      user === layout.user && (choices.keepUser || footprint.logins.includes(user) || !ownsUser(standby)),
    titleOf: (user) =>
      user === layout.user
        ? `user ${user} with ${layout.home}: its workspace, config, secrets, sessions and keys`
        : `user ${user}`,
  });
  if (choices.alsoHardening) yield* hardeningGone(footprint);
  yield* manifestGone(footprint);
}

/** Switched off only where nobody else has made a rule, and before the rule goes that lets SSH in. */
function* hardeningGone({host, paths, firewall}: Footprint): Generator<RemovalChange> {
  if (firewall.rules.length > 0 && firewall.others === 0) {
    yield {
      kind: 'firewall-off',
      id: `${host}:firewall`,
      host,
      title: 'firewall switched off, and our rule in it removed',
      rules: firewall.rules,
      disable: firewall.active,
    };
  }
  const files = paths.filter(({path, ours}) => hardeningFiles.includes(path) && ours).map(({path}) => path);
  if (files.length === 0) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:hardening`,
    host,
    title: 'settings of fail2ban and of the security updates',
    why: files.join(', '),
    paths: files,
  };
  yield {
    kind: 'script',
    id: `${host}:fail2ban`,
    host,
    title: 'fail2ban reads its settings again',
    doing: 'restart fail2ban',
    timeoutMs: 60_000,
    script: {label: 'systemctl restart fail2ban', text: withoutJail},
  };
}

/** A host without a log of SSH has nothing for Debian's own jail to read: fail2ban fails at once, and is switched off. */
const withoutJail = `systemctl is-active -q fail2ban.service || exit 0
systemctl restart fail2ban.service
sleep 3
systemctl is-failed -q fail2ban.service || exit 0
echo 'fail2ban has nothing to watch any more: it is switched off'
systemctl disable -q --now fail2ban.service
systemctl reset-failed fail2ban.service
`;
