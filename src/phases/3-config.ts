import type {Secret} from '../secret.js';
import {channelSecretName} from '../pair/secret-names.js';
import type {Change} from '../plan/change.js';
import {gatewayTokenName, standbyGatewayConfig} from '../templates/gateway-config.js';
import {layout} from '../templates/layout.js';
import {header} from '../templates/header.js';
import {formerSource} from './former-source.js';
import {approval, liveProof, modelsProof} from './proofs.js';
import {accountsFile} from './template-input.js';
import type {Finding, Phase, PlanInput} from './phase.js';
import {sameConfig} from './same-config.js';
import {secretsFindings, secretsPull} from './secrets-pull.js';
import {dropUnusedSecrets, wantDirectory, wantEnvFile, wantFile} from './wants.js';

export const config: Phase = {
  id: 'config',
  number: 3,
  title: 'Failover config',
  findings: (input) => [...missingSecrets(input), ...secretsFindings(input), ...formerSource(input)],
  *plan(input) {
    const {pair, standby, version} = input;
    yield* wantEnvFile(
      standby,
      layout.envFile,
      layout.user,
      envEntries(input),
      header({pairName: pair.name, version}),
    );
    yield* gatewayConfig(input);
    // Not before: the config in force may still name them.
    yield* dropUnusedSecrets(standby, layout.envFile, layout.user, Object.keys(envEntries(input)));
    yield* wantDirectory(standby, layout.etc, 'root', 0o755);
    if (pair.secretsSync !== null || splitAllowsLive(input)) {
      yield* wantDirectory(standby, layout.lib, 'root', 0o755);
      yield* wantFile(standby, accountsFile(input), {title: 'the split guard'});
    }
    yield* secretsPull(input);
    yield* modelsProof(input);
    if (!splitAllowsLive(input)) return;
    yield* approval(input);
    yield* liveProof(input);
  },
};

/** The primary does not own the account (any more), so that the channel can be tried without a second login. */
export function splitAllowsLive({split, planned}: PlanInput): boolean {
  return split.state === 'disjoint' && planned.length === 0;
}

/** Secret names of the pair → value, or `present` when it was not supplied in this run. */
function envEntries({pair, secrets}: PlanInput): Record<string, Secret | 'generate' | 'present'> {
  const entries: Record<string, Secret | 'generate' | 'present'> = {[gatewayTokenName]: 'generate'};
  for (const name of secretNames(pair)) entries[name] = secrets[name] ?? 'present';
  return entries;
}

function secretNames({channel, model}: PlanInput['pair']): string[] {
  return [
    ...Object.keys(channel.secrets).map((field) => channelSecretName(channel.type, field)),
    ...Object.keys(model.secrets),
  ];
}

function* gatewayConfig({pair, primary, standby, version}: PlanInput): Generator<Change> {
  const openclaw = primary.openclaw.known ? primary.openclaw.value : null;
  if (!openclaw) return;
  const tree = standbyGatewayConfig(pair, openclaw.version);
  const now = standby.config.known ? standby.config.value : null;
  const fact = standby.files[layout.config];
  const tight = fact?.kind === 'file' && fact.mode === 0o600 && fact.owner === layout.user;
  if (now && tight && sameConfig(tree, now.tree, standby.key)) return;
  yield {
    kind: 'gateway-config',
    id: 'standby:gateway-config',
    host: 'standby',
    path: layout.config,
    user: layout.user,
    tree,
    header: header({pairName: pair.name, version}, '//'),
    title: `gateway config: only ${pair.channel.type} ${pair.channel.account}, no crons, validated by OpenClaw`,
    ...(now && {before: `${JSON.stringify(now.tree, null, 2)}\n`}),
  };
}

/** Secrets that neither this run supplies nor the standby has. */
function missingSecrets({pair, secrets, standby}: PlanInput): Finding[] {
  const have = standby.envFiles[layout.envFile] ?? {};
  const missing = secretNames(pair).filter((name) => secrets[name] === undefined && have[name] === undefined);
  if (missing.length === 0) return [];
  return [
    {
      id: 'secrets',
      host: 'standby',
      level: 'blocks',
      sentence: `The standby lacks ${missing.join(', ')}, and this run was not given ${missing.length === 1 ? 'it' : 'them'}.`,
      fix: 'Supply it in the answers (env or file), or run setup without --no-input to be asked.',
    },
  ];
}
