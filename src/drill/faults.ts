import type {GatewayControl} from '../gateway/control.js';
import {quote} from '../ssh/quote.js';
import type {FaultName} from './report.js';

/** What a fault needs to know of the pair. Addresses are the private ones. */
export interface FaultInput {
  control: GatewayControl;
  /** Where the gateway listens. */
  port: number;
  primary: string;
  standby: string;
}

/** One way to take the primary down. Scripts are for root's `sh` on the primary. */
export interface Fault {
  name: FaultName;
  /** What it does, as an imperative. */
  title: string;
  /** Breaks it. Ends when the fault is in force; fails when it could not be made. */
  inject: (input: FaultInput) => string;
  /** Takes it back, whether or not it is in force; safe to run again. The dead-man timer runs the same. */
  undo: (input: FaultInput) => string;
}

/** Names of the rules of a partition; whoever finds them knows whose they are. */
export const nftTable = 'openclaw_failover_drill';
/** Before every rule of the host's own: the main tables come at 32766, those of Tailscale at 5210 to 5270. */
export const rulePriority = 77;

/** Also where it failed too often to be started, or where whoever runs it is not there; fails when it does not run then. */
const start = ({control}: FaultInput) => `${quote(control.clear)} >/dev/null 2>&1 || :
${quote(control.start)} && [ "$(${quote(control.isActive)})" = active ]`;

/** Halted processes take no signal but this one, so it comes first. */
const goOn = ({control}: FaultInput) => `${quote(control.go)} 2>/dev/null || :`;

/**
 * Its users lose it when it lets go of its port, after it has finished what it was answering; the rest of its end is its
 * own affair, and may take long.
 */
const stopAndTell = ({control, port}: FaultInput) => `if command -v ss >/dev/null 2>&1; then
  ${quote(control.stop)} &
  stop=$!
  while kill -0 "$stop" 2>/dev/null && ss -Hltn "sport = :${port}" 2>/dev/null | grep -q .; do sleep 0.05; done
  printf 'fault-at %s\\n' "$(date +%s%N)" >&3
  wait "$stop"
else
  # Where nobody can say who listens, its end is the moment.
  ${quote(control.stop)}
fi`;

const family = (address: string) => (address.includes(':') ? 'ip6' : 'ip');

/** Drops what the two private addresses say to each other, before any other rule and in both directions. */
function cut({primary, standby}: FaultInput): string {
  const to = family(standby);
  const six = to === 'ip6' ? '-6 ' : '';
  return `if command -v nft >/dev/null 2>&1 && nft -f - <<'RULES'
table inet ${nftTable} {
  comment "failover-wizard: a drill, undone by itself"
  chain input {
    type filter hook input priority -300; policy accept;
    ${to} saddr ${standby} ${to} daddr ${primary} drop
  }
  chain output {
    type filter hook output priority -300; policy accept;
    ${to} saddr ${primary} ${to} daddr ${standby} drop
  }
}
RULES
then :
else
  ip ${six}rule add from ${primary} to ${standby} priority ${rulePriority} blackhole
fi`;
}

/** Both ways, because the way it was made is known to nobody but the host; and seen to be gone. */
function heal({primary, standby}: FaultInput): string {
  const six = standby.includes(':') ? '-6 ' : '';
  return `nft delete table inet ${nftTable} 2>/dev/null || :
ip ${six}rule del from ${primary} to ${standby} priority ${rulePriority} 2>/dev/null || :
if nft list table inet ${nftTable} >/dev/null 2>&1 || ip ${six}rule list | grep -q '^${rulePriority}:'; then
  echo 'the rule that cuts the network is still in force' >&2
  exit 1
fi`;
}

export const faults: Readonly<Record<FaultName, Fault>> = {
  stop: {
    name: 'stop',
    title: "stop the primary's gateway cleanly",
    inject: stopAndTell,
    undo: start,
  },
  kill: {
    name: 'kill',
    title: "kill the primary's gateway, as a crash would",
    inject: ({control}) => quote(control.kill),
    undo: start,
  },
  hang: {
    name: 'hang',
    title: "halt the primary's gateway where it is: it accepts, and never answers",
    inject: ({control}) => quote(control.halt),
    undo: (input) => `${goOn(input)}\n${start(input)}`,
  },
  partition: {
    name: 'partition',
    title: 'cut the private network between the two hosts',
    inject: cut,
    undo: heal,
  },
  reboot: {
    name: 'reboot',
    title: 'reboot the primary',
    // Whoever asked has its answer before the connection goes.
    inject: () => `systemctl reboot --no-wall`,
    undo: start,
  },
};

/**
 * The same script with the host's time: `fault-from NS`, `fault-to NS`, and `fault-at NS` where the script itself says
 * when it took effect (on its descriptor 3). Epoch nanoseconds of the host's clock; what the commands say goes elsewhere.
 */
export function timed(script: string): string {
  return `exec 3>&1
printf 'fault-from %s\\n' "$(date +%s%N)"
( ${script}
) >&2
code=$?
printf 'fault-to %s\\n' "$(date +%s%N)"
exit $code
`;
}

/** When its script began, and when the fault took effect, epoch ms of the host's clock; null: it did not say. Pure. */
export function timesOf(stdout: string): {fromMs: number; atMs: number} | null {
  const at = (word: string) => {
    const found = new RegExp(`^${word} (\\d{19})$`, 'm').exec(stdout)?.[1];
    return found === undefined ? null : Number(found.slice(0, -3)) / 1000;
  };
  const [fromMs, atMs] = [at('fault-from'), at('fault-at') ?? at('fault-to')];
  return fromMs === null || atMs === null ? null : {fromMs, atMs};
}

/** Whether a fault ends by itself: nothing is left in force that would have to be taken back. */
export const isMomentary = (name: FaultName) => name === 'kill' || name === 'reboot';
