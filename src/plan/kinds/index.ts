import type {Change} from '../change.js';
import type {Apply, ApplyContext} from '../kind.js';
import {configPatch} from './config-patch.js';
import {directory, envFile, file, gatewayConfig, removeFile} from './files.js';
import {network} from './network.js';
import {node} from './node.js';
import {npmPackage} from './npm-package.js';
import {proof} from './proof.js';
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
};

/** @throws Abort when it cannot be applied; what was half-done then is mended by applying again */
export function applyKind(change: Change, context: ApplyContext): Promise<void> {
  const apply = kinds[change.kind] as (change: Change, context: ApplyContext) => Promise<void>;
  return apply(change, context);
}
