import type {EventName} from '../events.js';
import {isActive, isInCharge} from '../memory.js';
import {duration} from '../say.js';
import type {Act, ActName, End} from './act.js';
import {lengthText} from './length.js';
import {answers, pauseOf, type Look, type Seen} from './look.js';

export type Sign = 'ok' | 'warn' | 'stop';

/** One thing that was looked at before something is asked of the monitor: a sign, and a sentence. */
export interface Check {
  sign: Sign;
  say: string;
}

export interface Checked {
  checks: readonly Check[];
  /** There is nothing to ask for: the act is refused, or what it would do is so already. */
  end?: End;
  /** What is asked for goes on already since this event: it is only watched. */
  joins?: EventName;
}

const ok = (say: string): Check => ({sign: 'ok', say});
const warn = (say: string): Check => ({sign: 'warn', say});
const stop = (say: string): Check => ({sign: 'stop', say});

/** What the operator should know before it happens, most fundamental first. Pure. */
export function checksOf(act: Act, seen: Seen): Checked {
  const monitor = monitorCheck(seen);
  if (monitor.sign === 'stop') {
    return act.name === 'resume' && seen.pause !== null
      ? {checks: [warn(monitor.say), pauseNow(seen.pause)]}
      : {checks: [monitor], end: refused(monitor.say, startMonitor)};
  }
  const state = seen.live?.state ?? 'unknown';
  const {checks, ...rest} = byAct[act.name](seen, state);
  const all = [monitor, ...diskCheck(seen), ...checks];
  const stopped = all.find(({sign}) => sign === 'stop');
  return {checks: all, ...(stopped && {end: refused(stopped.say)}), ...rest};
}

const diskCheck = ({live}: Look): Check[] =>
  live?.disk == null
    ? []
    : [warn(`The disk of the standby takes nothing (${live.disk}): it acts, and writes it down later.`)];

const startMonitor = [
  'On the standby, as root: systemctl start openclaw-health-monitor',
  'Why it stopped: journalctl -u openclaw-health-monitor -n 50',
];
const refused = (say: string, next?: readonly string[]): End => ({
  result: 'refused',
  exit: 1,
  say,
  ...(next && {next}),
});
const nothing = (say: string): End => ({result: 'nothing-to-do', exit: 0, say});

function monitorCheck(seen: Look): Check {
  const {unit, live} = seen;
  if (answers(seen)) return ok(`The monitor runs: ${stateWords(live!.state, live!.inStateMs)}.`);
  if (unit !== 'running' && unit !== 'unknown')
    return stop(`The monitor does not run (its unit is ${unit}).`);
  if (live === null) return stop('The monitor has written nothing since this host booted.');
  return stop(`The monitor stands still: it has written nothing for ${duration(live.ageMs)}.`);
}

const words: Readonly<Record<string, string>> = {
  watching: 'the standby sleeps',
  suspect: 'the standby sleeps, the primary is in doubt',
  promoting: 'the standby is taking over',
  active: 'the standby is active',
  recovering: 'the standby is active, the primary answers',
  demoting: 'the standby is going back to sleep',
  blocked: 'the standby could not take over and tries again later',
};

/** `watching for 3 h: the standby sleeps` */
function stateWords(state: string, ms: number): string {
  const said = Object.hasOwn(words, state) ? `: ${words[state]}` : '';
  return `${state} for ${lengthText(ms)}${said}`;
}

type Of = (seen: Seen, state: string) => Checked;

const byAct: Readonly<Record<ActName, Of>> = {
  pause(seen, state) {
    const now = pauseOf(seen);
    return {
      checks: [
        ...(now ? [warn(`${pauseNow(now).say} The new pause takes its place.`)] : []),
        ...(isInCharge(state)
          ? [warn('The standby is active: while paused it does not give back either.')]
          : [primaryBeforePause(seen)]),
        ...(state === 'promoting' || state === 'demoting'
          ? [warn('What has begun is brought to its end first; the pause holds what would come after.')]
          : []),
      ],
    };
  },

  resume(seen) {
    const now = pauseOf(seen);
    if (now) return {checks: [pauseNow(now)]};
    return {checks: [], end: nothing('Nothing is paused.')};
  },

  promote(seen, state) {
    if (seen.live?.failbackAsked && isActive(state))
      return {
        checks: [
          warn(
            'Giving back was asked for: that is taken back, and the standby stays until somebody gives back.',
          ),
        ],
      };
    if (isInCharge(state)) return {checks: [], end: nothing('The standby has taken over already.')};
    if (state === 'promoting')
      return {checks: [ok('The standby is taking over already.')], joins: 'promoting'};
    if (state === 'demoting')
      return {
        checks: [stop('The standby is on its way back to sleep: wait until it sleeps, then ask again.')],
      };
    const split = splitChecks(seen);
    const conflict = split.find(({sign}) => sign === 'stop');
    return {
      checks: [
        primaryBeforePromotion(seen),
        ...split,
        ...(seen.unready === null
          ? []
          : [warn(`The standby's own check says that a takeover would not work: ${seen.unready}.`)]),
        workspaceCheck(seen),
        modelsCheck(seen),
        ...pastHolds(seen),
      ],
      ...(conflict && {end: {result: 'conflict', exit: 5, say: conflict.say} as const}),
    };
  },

  demote(seen, state) {
    if (state === 'demoting') return {checks: [ok('The standby is giving back already.')], joins: 'demoting'};
    if (!isActive(state))
      return {checks: [], end: nothing('The standby sleeps already: there is nothing to give back.')};
    const pause = pauseOf(seen);
    return {
      checks: [
        primaryBeforeDemotion(seen),
        ...(pause
          ? [stop(`${pauseNow(pause).say} It holds the give-back too: end it first with "resume".`)]
          : []),
        ...whyItStays(seen),
        ok('A turn in hand is finished first, for at most 5 min; what changed in the workspace is kept.'),
      ],
    };
  },
};

const pauseNow = ({leftMs, why}: {leftMs: number; why: string}) =>
  warn(`A pause is in force for another ${lengthText(leftMs)}${why ? ` (${why})` : ''}.`);

const probeWords = ({live}: Look) => {
  const probe = live?.probe;
  if (!probe) return 'not probed yet';
  return [probe.class, probe.detail, `${Math.round(probe.tookMs)} ms`].filter(Boolean).join(', ');
};
const primaryClass = ({live}: Look) => live?.probe?.class ?? 'none';

function primaryBeforePause(seen: Look): Check {
  return primaryClass(seen) === 'ok'
    ? ok(`The primary answers (${probeWords(seen)}).`)
    : warn(`The primary is not well now (${probeWords(seen)}): while paused nobody takes over.`);
}

function primaryBeforePromotion(seen: Look): Check {
  switch (primaryClass(seen)) {
    case 'ok':
      return warn(
        `The primary answers (${probeWords(seen)}): both bots will be up, each with its own account.`,
      );
    case 'starting':
    case 'draining':
      return warn(`The primary is ${primaryClass(seen)} and may be well in a moment (${probeWords(seen)}).`);
    case 'own-network-bad':
      return warn(`This host's own network failed (${probeWords(seen)}): the bot may not come online.`);
    default:
      return ok(`The primary is not well (${probeWords(seen)}).`);
  }
}

function primaryBeforeDemotion(seen: Look): Check {
  return primaryClass(seen) === 'ok'
    ? ok(`The primary answers (${probeWords(seen)}).`)
    : warn(
        `The primary is not well (${probeWords(seen)}): the standby gives back as soon as it is, and stays active until then.`,
      );
}

/** Whoever read both hosts knows the split; the guard here compares the config with what was approved. */
function splitChecks({split, guard}: Seen): Check[] {
  const checks: Check[] = [];
  if (split?.state === 'disjoint') checks.push(ok('The channel split is disjoint.'));
  if (split?.state === 'conflict') checks.push(stop(split.sentence));
  if (split?.state === 'unknown') checks.push(warn(split.sentence));
  if (guard?.ok) checks.push(ok('The config of the standby holds only the approved account.'));
  if (guard && !guard.ok)
    checks.push(stop(`The split guard refuses the config of the standby: ${guard.reason}`));
  if (!guard)
    checks.push(warn('The split guard could not be asked; it is asked again before the gateway starts.'));
  return checks;
}

/** ms; the timer fetches every 5 min. */
const staleWorkspaceMs = 30 * 60_000;

function workspaceCheck({workspaceAgeMs}: Look): Check {
  if (workspaceAgeMs === null) return warn('It is not known how old the workspace is.');
  const said = `The workspace was fetched ${lengthText(workspaceAgeMs)} ago.`;
  return workspaceAgeMs > staleWorkspaceMs ? warn(said) : ok(said);
}

function modelsCheck({modelsProven}: Look): Check {
  if (modelsProven === null) return warn('Whether the model answers could not be seen.');
  return modelsProven
    ? ok('The model answered with these credentials when setup tried it.')
    : warn('Setup has not proven the model credentials: the bot may be there and not answer.');
}

/** What would hold a takeover by itself, and does not hold this one. */
function pastHolds(seen: Look): Check[] {
  const pause = pauseOf(seen);
  return [
    ...(pause ? [warn(`${pauseNow(pause).say} A takeover by hand goes past it.`)] : []),
    ...(seen.limitLeftMs === null
      ? []
      : [
          warn(
            `The limit of takeovers is reached for ${lengthText(seen.limitLeftMs)}; this one goes past it.`,
          ),
        ]),
  ];
}

function whyItStays({live, failback}: Look): Check[] {
  if (live?.failbackAsked) return [ok('Giving back was asked for already.')];
  if (live?.latchedMs != null)
    return [warn('The primary came and went too often: look at why, or it will be taken over from again.')];
  if (live?.byHand) return [ok('It was made active by hand, and stays until it is asked to give back.')];
  if (failback === 'manual') return [ok('Failback is manual: it gives back only when it is asked to.')];
  return [];
}
