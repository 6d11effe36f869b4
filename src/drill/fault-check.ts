import {ok, stop, warn, type Found} from './checks.js';
import type {PreflightInput} from './preflight.js';
import type {FaultName} from './report.js';

const faultChecks: Partial<Record<FaultName, (input: PreflightInput) => Found>> = {
  reboot: ({primary}) => {
    if (primary.atBoot === true) return ok('boot', "The primary's gateway comes up with its host.");
    const say =
      primary.atBoot === false
        ? "The primary's gateway does not come up with its host: after a reboot nobody would start it."
        : "It is not known whether the primary's gateway comes up with its host.";
    return stop(
      'boot',
      say,
      'Enable its unit (for a user unit also: loginctl enable-linger USER), or choose another fault.',
    );
  },
  kill: ({primary}) =>
    primary.restarts === false
      ? warn(
          'restart',
          "Nothing restarts the primary's gateway after a crash: the standby will have to take over.",
        )
      : ok('restart', "The primary's gateway is restarted after a crash."),
  partition: ({primary, addresses, settings}) => {
    if (!primary.canCut)
      return stop(
        'cut',
        'The primary has neither nft nor ip: no rule can be made.',
        'Install nftables on it, or choose another fault.',
      );
    if (addresses.standby === '')
      return stop(
        'cut',
        'The private address of the standby is not known: no rule can be made for it.',
        'Write it into the pair (standby.address), then run setup again.',
      );
    if (primary.client === null || primary.client === addresses.standby) {
      return stop(
        'cut',
        primary.client === null
          ? 'It is not known from where this connection reaches the primary: it might be cut off as well.'
          : 'This machine reaches the primary through the private address of the standby: it would be cut off as well.',
        'Connect to the primary in another way (ssh and jump in the pair), or choose another fault.',
      );
    }
    const publicPath = settings.interrogation?.addresses.some(({path}) => path === 'public') === true;
    return publicPath
      ? ok(
          'cut',
          'The standby reaches the primary on a second path: it can tell a cut network from a dead host.',
        )
      : warn(
          'cut',
          'The standby has no second path to the primary: a cut network looks like a dead host to it, and it takes over.',
        );
  },
};

/** What a fault needs of the hosts before it may be made. Pure. */
export const faultCheck = (input: PreflightInput): Found => faultChecks[input.fault]?.(input);
