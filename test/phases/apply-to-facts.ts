import {createHash} from 'node:crypto';
import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts, UnitFact} from '../../src/facts/types.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {keyPlace, type Change, type ChangeOf} from '../../src/plan/change.js';
import {keyedHash} from '../../src/phases/wants.js';
import {appliedStamp, layout, units} from '../../src/templates/layout.js';
import {Secret} from '../../src/secret.js';

/** The public key that the monitor of the tests makes for itself. */
export const monitorKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'M'.repeat(43)}`;

/**
 * A model of the two hosts: what a change leaves behind, as the next reading would show it. A phase is right
 * when planning, applying to the model and planning again ends in nothing.
 */
export function applyToFacts(change: Change, input: PlanInput): void {
  const facts = input[change.host];
  switch (change.kind) {
    case 'file': {
      const {path, content, mode, owner, group} = change.file;
      if (change.unit !== undefined) facts.files[appliedStamp(change.unit)] = null;
      facts.files[path] = {
        kind: 'file',
        mode,
        owner,
        group,
        size: 1,
        hash: keyedHash(facts.key, content),
        ...(typeof content === 'string' && {
          content,
          sha256: createHash('sha256').update(content).digest('hex'),
        }),
      };
      return;
    }
    case 'remove-file':
      facts.files[change.path] = null;
      return;
    case 'directory':
      facts.files[change.path] = {
        kind: 'directory',
        mode: change.mode,
        owner: change.owner,
        group: change.group,
        size: 0,
      };
      return;
    case 'packages':
      for (const name of change.packages) facts.packages[name] = '1.0';
      if (change.packages.includes('tailscale'))
        facts.tailscale = {known: true, value: {installed: true, state: 'NeedsLogin'}};
      return;
    case 'apt-source':
      return;
    case 'user':
      facts.users[change.user] = {
        name: change.user,
        uid: 999,
        gid: 999,
        home: change.home,
        shell: change.shell,
        groups: [],
        linger: false,
        authorizedKeys: [],
        publicKeys: {},
      };
      return;
    case 'authorized-key':
      authorize(change, input);
      return;
    case 'unit':
      facts.units[change.unit] = unit(facts.units[change.unit], change);
      if (change.applied !== undefined) {
        facts.files[appliedStamp(change.unit)] = {
          kind: 'file',
          mode: 0o644,
          owner: 'root',
          group: 'root',
          size: 33,
          content: `${change.applied}\n`,
        };
      }
      if (change.unit.startsWith('fail2ban'))
        facts.fail2ban = {known: true, value: {installed: true, active: true, jails: ['sshd']}};
      return;
    case 'firewall':
      facts.firewall = {
        known: true,
        value: {
          installed: true,
          enabled: change.enable || (facts.firewall.known && facts.firewall.value.enabled),
          closed: true,
          rules: change.enable
            ? ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in']
            : [
                ...(facts.firewall.known ? facts.firewall.value.rules : []),
                ...change.rules.map((rule) => rule.join(' ')),
              ],
        },
      };
      return;
    case 'node':
      facts.nodes[`${change.dir}/bin/node`] = change.prefer ?? '24.21.0';
      return;
    case 'npm-package':
      facts.openclaw = {
        known: true,
        value: {
          packageDir: layout.openclawPackage,
          entry: `${layout.openclawPackage}/openclaw.mjs`,
          version: change.version,
          engines: '>=24',
          node: layout.node,
          nodeVersion: '24.21.0',
        },
      };
      return;
    case 'env-file': {
      const now = (facts.envFiles[change.path] ??= {});
      for (const name of change.drop) delete now[name];
      for (const [name, value] of Object.entries(change.entries)) {
        now[name] = value instanceof Secret ? value.keyedHash(facts.key) : 'generated';
      }
      facts.files[change.path] = {
        kind: 'file',
        mode: change.mode ?? 0o600,
        owner: change.owner,
        group: change.group,
        size: 1,
      };
      return;
    }
    case 'gateway-config':
      facts.config = {
        known: true,
        value: {path: change.path, hash: 'h', tree: change.tree, backups: [], plugins: {irc: '1'}},
      };
      facts.files[change.path] = {kind: 'file', mode: 0o600, owner: change.user, group: change.user, size: 1};
      return;
    case 'config-patch':
      if (change.gone) disable(facts, change.gone.channel, change.gone.account);
      input.planned = input.planned.filter(({primaryAccount}) => primaryAccount !== change.gone?.account);
      return;
    case 'checkout':
      facts.checkouts[change.path] = {
        path: change.path,
        exists: true,
        isGit: true,
        remote: change.remote,
        branch: change.branch,
        commit: 'a',
      };
      return;
    case 'deploy-key':
      return;
    case 'source-key':
      facts.files[layout.secretsKnownHosts] = {
        kind: 'file',
        mode: 0o644,
        owner: 'root',
        group: 'root',
        size: 1,
        content: `# x\n${change.source.address} ${sourceHostKey}\n`,
      };
      return;
    case 'network':
      facts.tailscale = {known: true, value: {installed: true, state: 'Running', ip4: '100.64.0.1'}};
      return;
    case 'script':
      script(change.id, facts, change.script.text);
      return;
    case 'proof':
      if (change.proof === 'reach')
        facts.probe = {target: '100.64.0.11 18789', status: 200, tookMs: 3, body: '{"ok":true}'};
      else if (change.proof === 'approve-split') facts.guard = {known: true, value: {ok: true, reason: ''}};
      else if (change.proof === 'monitor')
        facts.monitorState = {known: true, value: {memory: {state: 'watching', probe: {class: 'ok'}}}};
      else {
        facts.files[`${layout.proofs}/${change.proof}`] = {
          kind: 'file',
          mode: 0o644,
          owner: 'root',
          group: 'root',
          size: 33,
          content: `${change.inputs}${change.proof === 'report' ? ' ok 120 ms private' : ''}\n`,
        };
      }
  }
}

function unit(
  now: UnitFact | undefined,
  {enabled, active, restart}: {enabled?: boolean; active?: boolean; restart?: boolean},
): UnitFact {
  return {
    loadState: 'loaded',
    subState: '',
    result: 'success',
    needDaemonReload: false,
    mainPid: 1,
    restarts: 0,
    activeSinceMs: 1,
    fragmentPath: '',
    activeState: restart || (active ?? now?.activeState === 'active') ? 'active' : 'inactive',
    unitFileState: (enabled ?? now?.unitFileState === 'enabled') ? 'enabled' : 'disabled',
  };
}

function authorize({host, user, line, keyOf, comment}: ChangeOf<'authorized-key'>, input: PlanInput): void {
  const keys = input[host].users[user]!;
  const file = keyOf && input[keyOf.host].files[keyOf.path]?.content;
  if (keyOf && file === undefined) throw new Error(`there is no ${keyOf.path} yet`);
  const kept = keys.authorizedKeys.filter((one) => comment === undefined || !one.endsWith(` ${comment}`));
  const key = file?.split(' ').slice(0, 2).join(' ') ?? '';
  keys.authorizedKeys = [...kept, line.replace(keyPlace, key)];
}

function disable(facts: HostFacts, channel: string, account: string): void {
  if (!facts.accounts.known) return;
  const accounts: AccountFact[] = facts.accounts.accounts.map((one) =>
    one.channel === channel && one.account === account ? {...one, enabled: false} : one,
  );
  facts.accounts = {known: true, accounts};
}

/** What a third server shows as its host key. */
export const sourceHostKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKsfHUEXZCNwAWJSQqIk5PyWJv7BaVzbt1ZZYZDPbWlD';
/** The standby's key for pulling secrets. */
export const pullKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZpY3Rvcg openclaw-failover-secrets default';

function script(id: string, facts: HostFacts, text: string): void {
  const without = id.startsWith('primary:secrets-line:') ? facts.users[id.slice(21)] : undefined;
  const noReport = id.startsWith('primary:report-line:') ? facts.users[id.slice(20)] : undefined;
  if (noReport) {
    noReport.authorizedKeys = noReport.authorizedKeys.filter(
      (one) => !one.endsWith(' openclaw-failover default'),
    );
  } else if (without) {
    without.authorizedKeys = without.authorizedKeys.filter(
      (one) => !one.includes('openclaw-failover-secrets'),
    );
  } else if (id === 'standby:secrets-key') {
    const user = facts.users[layout.user];
    if (user) user.publicKeys[`${layout.secretsPullKey}.pub`] = pullKey;
    facts.files[layout.secretsPullKey] = {
      kind: 'file',
      mode: 0o600,
      owner: layout.user,
      group: layout.user,
      size: 1,
    };
  } else if (id === 'standby:secrets-off') {
    const words = text.split(/\s+/);
    for (const path of Object.keys(facts.files)) if (words.includes(path)) facts.files[path] = null;
  } else if (id === 'standby:interrogation-key') {
    const file = {
      kind: 'file',
      mode: 0o600,
      owner: layout.monitorUser,
      group: layout.monitorUser,
      size: 1,
    } as const;
    facts.files[layout.interrogationKey] = file;
    facts.files[`${layout.interrogationKey}.pub`] = {...file, mode: 0o644, content: `${monitorKey} x`};
  } else if (id === 'standby:sleeping-gateway') {
    facts.files[appliedStamp(units.gateway)] = {
      kind: 'file',
      mode: 0o644,
      owner: 'root',
      group: 'root',
      size: 33,
      content: `${/printf '%s\\n' ([0-9a-f]{32}) /.exec(text)?.[1]}\n`,
    };
  } else if (id === 'standby:no-sleeping-gateway') {
    facts.files[appliedStamp(units.gateway)] = null;
  } else if (id.startsWith('standby:plugin:')) facts.plugins[id.slice('standby:plugin:'.length)] = '1.0';
  else if (id === 'primary:push') for (const one of Object.values(facts.checkouts)) one.lastSyncMs = 1;
  else if (id === 'primary:linger')
    for (const user of Object.values(facts.users)) if (user) user.linger = true;
}
