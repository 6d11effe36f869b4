import semver from 'semver';
import type {HostName} from '../../ssh/host.js';
import type {HostFacts} from '../../facts/types.js';
import {ok, problem, unknown, warning} from '../answer.js';
import {ofHost, ofPair, stopped, type Row} from '../row.js';
import {hostNames} from '../seen.js';

const openclawOf = (facts: HostFacts | undefined) => (facts?.openclaw.known ? facts.openclaw.value : null);
const standbyToo = "failover-wizard setup brings the standby to the primary's version";

/** OpenClaw and its Node, the gateway and the units of ours. */
export const softwareRows: readonly Row[] = [
  ofPair('openclaw-versions', hostNames, 'whether both hosts have one OpenClaw', ({facts}) => {
    const [there, here] = [openclawOf(facts.primary), openclawOf(facts.standby)];
    if (!there || !here) {
      const which: HostName = there ? 'standby' : 'primary';
      const {openclaw} = facts[which]!;
      if (!openclaw.known)
        return unknown(`OpenClaw's version on the ${which} is not known: ${stopped(openclaw.reason)}`);
      return problem(
        `There is no OpenClaw on the ${which}.`,
        which === 'standby' ? standbyToo : 'Install it there',
      );
    }
    if (there.version === here.version) return ok(`Both hosts have OpenClaw ${here.version}.`);
    return problem(`The primary has OpenClaw ${there.version}, the standby ${here.version}.`, standbyToo);
  }),

  ofHost('node', hostNames, 'whether its Node is new enough for OpenClaw', ({facts}) => {
    const {host, openclaw} = facts;
    if (!openclaw.known) return unknown(`The Node of the ${host} is not known: ${stopped(openclaw.reason)}`);
    if (openclaw.value === null) return undefined;
    const {nodeVersion, engines, version} = openclaw.value;
    if (semver.satisfies(nodeVersion, engines))
      return ok(`Node ${nodeVersion} on the ${host} is what OpenClaw asks for.`);
    const says = `OpenClaw ${version} asks for Node ${engines}, and the ${host} runs it with ${nodeVersion}.`;
    return host === 'standby'
      ? problem(says, 'failover-wizard setup installs another')
      : warning(says, 'Bring Node on the primary up to date');
  }),

  ofHost('primary-gateway', 'primary', 'whether its gateway runs', ({sample: {gateway}}) => {
    if (!('state' in gateway))
      return unknown(`The primary's gateway is not known: ${stopped(gateway.unknown)}`);
    if (gateway.state === 'running') return ok("The primary's gateway runs.");
    return problem(
      `The primary's gateway is ${gateway.state}.`,
      'failover-wizard watch, key j, shows its journal',
    );
  }),

  ofHost('units', hostNames, 'whether a service of ours has failed', ({facts: {host, units}}) => {
    const failed = Object.entries(units).filter(([, {activeState}]) => activeState === 'failed');
    if (failed.length === 0) return ok(`No service of ours has failed on the ${host}.`);
    return failed.map(([unit, {result}]) =>
      warning(
        `${unit} has failed on the ${host}${result && result !== 'success' ? ` (${result})` : ''}.`,
        `On the ${host}: journalctl -u ${unit} -n 30; once it is mended: systemctl reset-failed ${unit}`,
      ),
    );
  }),
];
