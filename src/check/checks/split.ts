import {treeAt} from '../../channels/program/plain-object.js';
import {splitSentences} from '../../screens/split-words.js';
import {ok, problem, unknown, warning} from '../answer.js';
import {ofHost, ofPair, stopped, type Row} from '../row.js';

/** Who owns which channel account. */
export const splitRows: readonly Row[] = [
  ofPair('split', ['primary', 'standby'], 'whether an account or a token is on both hosts', ({sample}) => {
    const says = splitSentences(sample.split).join(' ');
    if (sample.split.state === 'disjoint') return ok(says);
    if (sample.split.state === 'unknown') return unknown(says);
    return problem(
      says,
      'Disable the account on one of the hosts (openclaw config), or give the standby one of its own',
    );
  }),

  ofHost('extra-accounts', 'standby', "the standby's accounts", ({facts}, {pair: {channel}}) => {
    const {accounts} = facts;
    if (!accounts.known) return unknown(`The standby's accounts are not known: ${accounts.reason}.`);
    const enabled = accounts.accounts.filter((account) => account.enabled);
    const extra = enabled.filter((one) => one.channel !== channel.type || one.account !== channel.account);
    const names = extra.map((one) => `${one.channel} ${one.account}`).join(', ');
    if (extra.length > 0)
      return warning(
        `The standby has an account more than its own: ${names}. Its split guard refuses to start with that.`,
        "failover-wizard setup writes the standby's config anew",
      );
    if (enabled.length === 0)
      return problem(
        `The standby's own account, ${channel.type} ${channel.account}, is not in its config.`,
        "failover-wizard setup writes the standby's config anew",
      );
    return ok(`The standby has its own account and no other: ${channel.type} ${channel.account}.`);
  }),

  ofHost('split-guard', 'standby', 'what the split guard says', ({facts: {guard}}) => {
    if (!guard.known) return unknown(`What the split guard would say is not known: ${guard.reason}.`);
    if (guard.value.ok) return ok('The split guard would let the gateway of the standby start.');
    return problem(
      `The split guard would refuse to start the standby's gateway: ${stopped(guard.value.reason)}`,
      'failover-wizard setup shows what is wrong and approves what is right',
    );
  }),

  ofHost('crons', 'standby', 'whether crons run on the standby', ({facts: {config}}) => {
    if (!config.known) return unknown(`The standby's config is not known: ${config.reason}.`);
    if (config.value === null)
      return problem('The standby has no gateway config.', 'failover-wizard setup writes it');
    if (treeAt(config.value.tree, 'cron')['enabled'] === false)
      return ok('No crons run on the standby: its config turns them off.');
    return warning(
      'Crons are not turned off in the config of the standby: in a takeover they would run there as well.',
      "failover-wizard setup writes the standby's config anew",
    );
  }),

  ofHost('primary-accounts', 'primary', 'whether its channels are connected', ({sample}) => {
    const {accounts, gateway} = sample;
    if ('unknown' in accounts) return unknown(`The primary's channels are not known: ${accounts.unknown}.`);
    // Its gateway has a row of its own.
    if (!('state' in gateway) || gateway.state !== 'running') return undefined;
    const off = accounts.filter(({enabled, state}) => enabled && state === 'unsteady');
    if (off.length === 0) return ok('No channel account of the primary is seen unconnected.');
    const names = off.map(({channel, account, why}) => `${channel} ${account}${why ? ` (${why})` : ''}`);
    return warning(
      `Not connected on the primary: ${names.join(', ')}.`,
      'On the primary: openclaw channels status',
    );
  }),
];
