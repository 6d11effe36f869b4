import type {Pair} from '../pair/schema.js';
import {parseSource} from '../pair/secrets-source.js';
import {standbyPackages} from '../phases/1-provision.js';
import {isDisabledOnPrimary} from '../phases/5-disable.js';
import {placeOf} from '../phases/secrets-pull.js';
import {lineComment} from '../templates/secrets-source.js';
import {layout} from '../templates/layout.js';
import {hardeningFiles} from '../templates/ours.js';
import type {Footprint} from './footprint.js';
import {leftAlone, ownsUser, type RemovalInput} from './input.js';
import {planRemoval} from './plan.js';

/** What a removal leaves, and what only a person can do; sentences for the plan and for the end. Pure. */
export interface Stays {
  stays: string[];
  byHand: string[];
}

export function staysOf(input: RemovalInput, leftOut: readonly string[]): Stays {
  const {pair, standby, primary, choices} = input;
  const stays: string[] = [];
  const byHand: string[] = [];
  const touched = planRemoval(input).length > 0;
  if (standby) {
    const {footprint} = standby;
    if (touched)
      stays.push(
        `standby: packages, which others may need by now (${standbyPackages.join(', ')}${tailscaleOf(pair)})`,
      );
    stays.push(...hardeningOf(footprint, choices.alsoHardening));
    if (ownsUser(standby)) {
      if (footprint.logins.includes(layout.user))
        stays.push(`standby: user ${layout.user}, as whom you log in`);
      else if (choices.keepUser)
        stays.push(
          `standby: user ${layout.user} and ${layout.home}, with its secrets; later: userdel -r ${layout.user}`,
        );
    } else if (
      touched &&
      footprint.users.some(({user, home}) => user === layout.user && home === layout.home)
    )
      stays.push(`standby: user ${layout.user}, because no manifest there says that setup made it`);
    stays.push(...leftAlone(footprint).map((what) => `standby: ${what}`));
  }
  if (primary) {
    const {facts, footprint} = primary;
    if (isDisabledOnPrimary(facts, pair) && !choices.restoreChannel)
      stays.push(
        `primary: ${pair.channel.type} account "${pair.channel.account}" stays disabled; --restore-channel enables it`,
      );
    if (touched && !facts.accounts.known)
      stays.push(
        `primary: its ${pair.channel.type} account "${pair.channel.account}" as it is: whether it is disabled cannot be told (${facts.accounts.reason})`,
      );
    if (touched && pair.primary.expose === 'bind')
      stays.push(
        'primary: the gateway listens on the private address; back: openclaw config set gateway.bind loopback, and a restart',
      );
    if (touched) stays.push('primary: its workspace with its Git remote, and linger of the gateway’s user');
    stays.push(...leftAlone(footprint).map((what) => `primary: ${what}`));
  }
  if (touched)
    byHand.push(
      `at the Git host: the deploy keys "failover-wizard ${pair.name} standby" and "… primary", where setup showed you one`,
    );
  const source = !touched || pair.secretsSync === null ? undefined : parseSource(pair.secretsSync.host);
  if (source && isElsewhere(input)) {
    byHand.push(
      `on ${source.address}, as ${source.user}: sed -i '/ ${lineComment(pair.name)}$/d' ~/.ssh/authorized_keys`,
    );
  }
  byHand.push(...leftOut.map((host) => `the ${host} is left out: what is on it stays there`));
  return {stays, byHand};
}

function hardeningOf({paths, firewall}: Footprint, also: boolean): string[] {
  const there = paths.some(({path}) => hardeningFiles.includes(path)) || firewall.rules.length > 0;
  if (!also)
    return there ? ['standby: firewall, fail2ban and security updates; --also-hardening undoes them'] : [];
  return firewall.rules.length > 0 && firewall.others > 0
    ? [`standby: the firewall, which has ${firewall.others} rules of others`]
    : [];
}

const tailscaleOf = ({network}: Pair) => (network.kind === 'tailscale' ? ', tailscale' : '');

/** A third server: nobody but its owner can take the line away there. Whether it is the standby was setup's to refuse. */
function isElsewhere({pair, primary}: RemovalInput): boolean {
  const source = parseSource(pair.secretsSync?.host ?? '');
  if (!source) return false;
  if (!primary) return true;
  return placeOf(source, {pair, primary: primary.facts, standby: primary.facts}) === 'elsewhere';
}
