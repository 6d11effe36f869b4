import type {FactsRequest, HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {parseSource} from '../pair/secrets-source.js';
import {standbyPackages} from '../phases/1-provision.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import {privateAddress} from '../phases/network.js';
import {layout, units} from '../templates/layout.js';
import {usersLetIn} from '../templates/manifest.js';
import {primaryPaths, standbyPaths} from '../templates/paths.js';
import type {HostName} from '../ssh/host.js';
import {gatewayPort} from './health.js';
import {undoTimer} from './kinds/config-undo.js';
import {revertTimer} from './proofs/revert.js';

/** What a reading already told, so that the next one can ask better. */
export interface Known {
  primary?: HostFacts;
  standby?: HostFacts;
}

/**
 * What to ask a host for, for all six phases at once. What can only be known after a first reading (the
 * primary's private address, where its workspace is) comes from the pair or from `known`.
 */
export function requestFor(host: HostName, pair: Pair, key: string, known: Known = {}): FactsRequest {
  return host === 'primary' ? primaryRequest(pair, key, known) : standbyRequest(pair, key, known);
}

function primaryRequest(pair: Pair, key: string, {primary}: Known): FactsRequest {
  const user = pair.primary.gatewayUser ?? (primary?.gateway.known ? primary.gateway.value.user : undefined);
  const workspace = primary && primaryWorkspacePath(primary);
  const source = pair.secretsSync === null ? undefined : parseSource(pair.secretsSync.host);
  const home = user === 'root' ? '/root' : `/home/${user ?? layout.user}`;
  return {
    host: 'primary',
    key,
    files: primaryPaths().map((path) => ({path})),
    packages: ['curl', 'ca-certificates', 'gpg', 'tailscale'],
    units: [units.push, units.pushTimer, revertTimer, undoTimer],
    // Whoever is let in, for the report or for secrets, and who may have been that before.
    users: [
      ...new Set([
        layout.user,
        layout.reportUser,
        'root',
        ...(user === undefined ? [] : [user]),
        ...(source ? [source.user] : []),
        ...usersLetIn(primary?.files[layout.manifest]?.content),
      ]),
    ],
    envFiles: [],
    checkouts: [workspace ?? `${home}/.openclaw/workspace`],
    binDirs: [],
    ...(pair.primary.gatewayUser !== undefined && {gatewayUser: pair.primary.gatewayUser}),
  };
}

function standbyRequest(pair: Pair, key: string, {primary, standby}: Known): FactsRequest {
  const address = primary && standby ? privateAddress(primary, standby, pair) : undefined;
  const probed = address?.known ? address.value : pair.primary.address;
  return {
    host: 'standby',
    key,
    files: [
      ...standbyPaths().map((path) => ({path})),
      {path: layout.interrogationKey, secret: true},
      {path: layout.envFile, secret: true},
      {path: layout.notifySecrets, secret: true},
      {path: layout.secretsPullKey, secret: true},
      {path: layout.gatewayEnv, secret: true},
      {path: layout.config, secret: true},
    ],
    packages: [...standbyPackages, 'gpg', 'tailscale'],
    units: [...Object.values(units), 'fail2ban.service', 'ssh.service'],
    users: [layout.user, layout.monitorUser],
    envFiles: [layout.envFile, layout.notifySecrets],
    checkouts: [layout.workspace],
    binDirs: [`${layout.nodeDir}/bin`],
    gatewayUser: layout.user,
    probe:
      probed === undefined
        ? 'watched'
        : {address: probed, port: primary ? gatewayPort(primary) : layout.gatewayPort},
  };
}
