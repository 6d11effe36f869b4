import type {HostFacts} from '../facts/types.js';
import type {Change} from '../plan/change.js';
import {fail2banJail, unattendedUpgrades} from '../templates/hardening.js';
import {layout} from '../templates/layout.js';
import {header} from '../templates/header.js';
import {primaryFindings, standbyFindings} from './hosts.js';
import type {Phase, PlanInput} from './phase.js';
import {exposeHealth, letProbesIn, networkFindings, tailnet} from './reachable.js';
import {secretsKey} from './secrets-pull.js';
import {sshPort} from './ssh-port.js';
import {appliedHash, wantAuthorizedKey, wantFile, wantPackages, wantUnit, wantUser} from './wants.js';

/** Packages of the distribution that the standby needs; python3-systemd because a fresh VPS has no rsyslog. */
export const standbyPackages = [
  'ca-certificates',
  'curl',
  'fail2ban',
  'git',
  'openssh-client',
  'python3-systemd',
  'ufw',
  'unattended-upgrades',
  'xz-utils',
] as const;

export const provision: Phase = {
  id: 'provision',
  number: 1,
  title: 'Provision the standby',
  findings: (input) => [
    ...standbyFindings(input.standby),
    ...primaryFindings(input.primary),
    ...networkFindings(input),
  ],
  *plan(input) {
    const {pair, standby, primary, version} = input;
    yield* hostname(input);
    yield* wantPackages(standby, standbyPackages, 'packages');
    yield* firewall(standby);
    const jail = fail2banJail(header({pairName: pair.name, version}), sshPort(standby));
    const newJail = [
      ...wantFile(standby, jail, {
        title: 'fail2ban watches SSH through the journal',
        unit: 'fail2ban.service',
      }),
    ];
    yield* newJail;
    const blind = standby.fail2ban.known && !standby.fail2ban.value.jails.includes('sshd');
    const restart = blind || newJail.length > 0;
    yield* wantUnit(
      standby,
      'fail2ban.service',
      {
        enabled: true,
        active: true,
        applied: appliedHash([jail]),
        ready: ['fail2ban-client', 'status', 'sshd'],
        ...(restart && {restart}),
      },
      'fail2ban enabled and running',
    );
    yield* wantFile(standby, unattendedUpgrades(header({pairName: pair.name, version}, '//')), {
      title: 'security updates install themselves',
    });
    yield* wantUser(standby, layout.user, layout.home, false, `user ${layout.user}, without sudo`);
    if (input.operatorKey) yield* wantAuthorizedKey(standby, layout.user, input.operatorKey);
    yield* secretsKey(input);
    for (const facts of [primary, standby]) yield* tailnet(input, facts);
    yield* linger(primary);
    yield* exposeHealth(input);
    yield* letProbesIn(input);
    if (standby.probe?.status !== 200) {
      yield {
        kind: 'proof',
        id: 'standby:proof:reach',
        host: 'standby',
        proof: 'reach',
        inputs: '',
        title: "the standby fetches the primary's health over the private network",
      };
    }
  },
};

function* hostname({pair, standby}: PlanInput): Generator<Change> {
  const wanted = pair.standby.hostname;
  if (wanted === undefined || wanted === standby.hostname) return;
  yield {
    kind: 'script',
    id: 'standby:hostname',
    host: 'standby',
    title: `host name ${wanted}`,
    doing: `set the host name ${wanted}`,
    timeoutMs: 20_000,
    script: {
      label: `hostnamectl set-hostname ${wanted}`,
      text: `set -eu\nhostnamectl set-hostname ${wanted}\ngrep -qE '^127[.]0[.]1[.]1[[:space:]].*${wanted}' /etc/hosts || printf '127.0.1.1 %s\\n' ${wanted} >> /etc/hosts\n`,
    },
  };
}

function* firewall(facts: HostFacts): Generator<Change> {
  const port = sshPort(facts);
  const now = facts.firewall;
  const open = now.known && now.value.rules.some((rule) => allowsPort(rule, port));
  if (now.known && now.value.enabled && now.value.closed && open) return;
  yield {
    kind: 'firewall',
    id: `${facts.host}:firewall`,
    host: facts.host,
    enable: true,
    title: `firewall: only SSH (${port}/tcp) comes in`,
    rules: [
      ['allow', `${port}/tcp`, 'comment', 'SSH (failover-wizard)'],
      ['default', 'deny', 'incoming'],
      ['default', 'allow', 'outgoing'],
    ],
  };
}

/** A rule of ufw, as the facts give it, that lets a TCP port in from anywhere. */
export function allowsPort(rule: string, port: number): boolean {
  return (
    new RegExp(`^(?:allow|limit)(?: in)?(?: to any port| port)? ?${port}(?:/tcp)?(?: |$)`).test(rule) ||
    new RegExp(
      `^(?:allow|limit) (?:tcp|any) ${port} (?:0\\.0\\.0\\.0/0|::/0) any (?:0\\.0\\.0\\.0/0|::/0)`,
    ).test(rule)
  );
}

function* linger(primary: HostFacts): Generator<Change> {
  const gateway = primary.gateway.known ? primary.gateway.value : undefined;
  const user = gateway?.user;
  if (gateway?.form !== 'user-unit' || user === undefined || primary.users[user]?.linger !== false) return;
  yield {
    kind: 'script',
    id: 'primary:linger',
    host: 'primary',
    title: `the gateway outlives a logout of ${user} (linger)`,
    doing: `enable linger for ${user}`,
    timeoutMs: 20_000,
    script: {label: `loginctl enable-linger ${user}`, text: `loginctl enable-linger ${user}\n`},
  };
}
