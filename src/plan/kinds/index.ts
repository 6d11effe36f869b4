import type {Change} from '../change.js';
import type {Apply, ApplyContext} from '../kind.js';
import {configPatch} from './config-patch.js';
import {directory, envFile, file, gatewayConfig, removeFile} from './files.js';
import {network} from './network.js';
import {node} from './node.js';
import {npmPackage} from './npm-package.js';
import {proof} from './proof.js';
import {firewallOff, removePaths, removeUser, unitsOff} from './removal.js';
import {sourceKey} from './source-key.js';
import {swap} from './swap.js';
import {aptSource, authorizedKey, firewall, packages, script, unit, user} from './system.js';
import {checkout, deployKey} from './workspace.js';

/** Every kind of change and how it is applied; a new kind is a type in change.ts and a line here. */
const kinds: {[K in Change['kind']]: Apply<K>} = {
  file,
  'remove-file': removeFile,
  directory,
  packages,
  'apt-source': aptSource,
  user,
  'authorized-key': authorizedKey,
  unit,
  firewall,
  node,
  'npm-package': npmPackage,
  'env-file': envFile,
  'gateway-config': gatewayConfig,
  'config-patch': configPatch,
  checkout,
  'deploy-key': deployKey,
  'source-key': sourceKey,
  network,
  swap,
  script,
  proof,
  'units-off': unitsOff,
  'remove-paths': removePaths,
  'remove-user': removeUser,
  'firewall-off': firewallOff,
};

/** @throws Abort when it cannot be applied; what was half-done then is mended by applying again */
export function applyKind(change: Change, context: ApplyContext): Promise<void> {
  const apply = kinds[change.kind] as (change: Change, context: ApplyContext) => Promise<void>;
  return apply(change, context);
}

/** What is needed where a pair is taken apart: one of its hosts may be gone, and what the phases want is of no interest. */
export type RemovalContext = Parameters<typeof configPatch>[1];

const removalKinds = {
  'units-off': unitsOff,
  'remove-paths': removePaths,
  'remove-user': removeUser,
  'firewall-off': firewallOff,
  'config-patch': configPatch,
  script,
};
export type RemovalKind = keyof typeof removalKinds;
export type RemovalChange = Extract<Change, {kind: RemovalKind}>;

/** @throws Abort when it cannot be applied; what was half-done then is mended by applying again */
export function applyRemoval(change: RemovalChange, context: RemovalContext): Promise<void> {
  const apply = removalKinds[change.kind] as (
    change: RemovalChange,
    context: RemovalContext,
  ) => Promise<void>;
  return apply(change, context);
}
