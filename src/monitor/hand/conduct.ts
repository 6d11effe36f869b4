import {isDangerous, type Act, type End} from './act.js';
import {checksOf, type Check} from './checks.js';
import {lengthText, timeOfDay} from './length.js';
import {answers, type Seen} from './look.js';
import {begun, endOf, endSeen, limitMs, silent, waitingFor, type Glance, type Heard} from './outcome.js';

/** How the standby is looked at and asked: on itself, or over SSH. */
export interface Hand {
  look(): Promise<Seen>;
  /** Puts the request where the monitor takes it. */
  ask(act: Act): Promise<void>;
  /** Takes back a request that nobody has heard; true when it was still there. */
  withdraw(act: Act): Promise<boolean>;
  /** What the monitor shows of itself at this moment; null: nothing. */
  glance(): Promise<Glance | null>;
  /** The monitor's events from now on. */
  listen(): Promise<Ear>;
  /** Asks for the name of the pair; absent: nobody can be asked. @throws when the operator leaves the question */
  typedName?: (pair: string) => Promise<string>;
  nowMs(): number;
  wallMs(): number;
  sleep(ms: number): Promise<void>;
}

export interface Ear {
  /** The oldest event that was not taken yet. @throws what broke the listening */
  take(): Promise<Heard | undefined>;
  close(): void;
}

/** Where it is told, as it goes. */
export interface Show {
  /** `end` is there when these checks were the end of it, and is told right after. */
  checks(act: Act, seen: Seen, checks: readonly Check[], end?: End): void;
  heard(heard: Heard, elapsedMs: number): void;
  /** Again and again while something is waited for. */
  waiting(what: string, elapsedMs: number): void;
  end(end: End): void;
}

export interface How {
  dryRun: boolean;
  /** The pair's name as a flag. */
  confirm?: string;
  /** Every act needs the name of the pair, not only one that moves a bot: where a key begins it, a slip is near. */
  always?: true;
  /** The pair that is meant; another one's standby is left alone. */
  pair?: string;
  /** The operator has seen enough. */
  leave: AbortSignal;
}

/** ms without news after which the monitor is looked at itself: a full disk takes no events. */
const glanceMs = 7_000;
/** ms between two looks for news; also how often the elapsed time moves. */
const stepMs = 200;

/** One act of the operator from the first look to what came of it. What went wrong with looking or asking is thrown. */
export async function conduct(act: Act, hand: Hand, how: How, show: Show): Promise<End> {
  const end = await story(act, hand, how, show);
  show.end(end);
  return end;
}

async function story(act: Act, hand: Hand, how: How, show: Show): Promise<End> {
  if (isDangerous(act) && !how.dryRun && how.confirm === undefined && !hand.typedName)
    return needsConfirm(act);
  const seen = await hand.look();
  if (how.pair !== undefined && seen.pair !== how.pair)
    return refused(`This standby belongs to the pair "${seen.pair}", not to "${how.pair}".`);
  if (how.leave.aborted) return nothingAsked();
  const {checks, end, joins} = checksOf(act, seen);
  show.checks(act, seen, checks, end);
  if (end) return end;
  if (how.dryRun) return {result: 'dry-run', exit: 0, say: `Nothing stands against it; nothing was asked.`};
  if (!joins && (isDangerous(act) || how.always)) {
    const wrong = await unconfirmed(seen.pair, hand, how);
    if (how.leave.aborted) return nothingAsked();
    if (wrong) return wrong;
  }
  const ear = await hand.listen();
  try {
    if (how.leave.aborted) return nothingAsked();
    if (!joins) await hand.ask(act);
    if (!answers(seen)) return unheard();
    return await outcome(act, {hand, ear, how, show}, joins ? [joins] : []);
  } finally {
    ear.close();
  }
}

const refused = (say: string): End => ({result: 'refused', exit: 1, say});
const usage = (say: string, next?: readonly string[]): End => ({
  result: 'usage',
  exit: 2,
  say,
  ...(next && {next}),
});

const nothingAsked = (): End => ({result: 'left', exit: 130, say: 'Left; nothing was asked.'});

function needsConfirm({name}: Act): End {
  return usage(`${name} moves a bot, and nobody can be asked here: name the pair with --confirm PAIR.`, [
    `What would be looked at first: the same with --dry-run`,
  ]);
}

async function unconfirmed(pair: string, hand: Hand, how: How): Promise<End | undefined> {
  const given = how.confirm ?? (await hand.typedName!(pair));
  if (given === pair) return undefined;
  return usage(`"${given.slice(0, 40)}" is not the name of the pair, "${pair}": nothing was asked.`);
}

/** Only `resume` gets here: the pause is gone from the host, and there is no monitor to say so. */
function unheard(): End {
  return {
    result: 'degraded',
    exit: 3,
    say: 'The pause is taken away, but no monitor runs that would take over.',
    next: ['On the standby, as root: systemctl start openclaw-health-monitor'],
  };
}

interface Course {
  hand: Hand;
  ear: Ear;
  how: How;
  show: Show;
}

/** @param before what was told of it already, where an act is joined that goes on */
async function outcome(act: Act, {hand, ear, how, show}: Course, before: readonly string[]): Promise<End> {
  const begunMs = hand.nowMs();
  let quietMs = begunMs;
  const events = [...before];
  for (;;) {
    const heard = await ear.take();
    const elapsedMs = hand.nowMs() - begunMs;
    if (heard) {
      events.push(heard.event);
      quietMs = hand.nowMs();
      const end = endOf(act.name, heard);
      if (end) return told(act, end, hand.wallMs());
      show.heard(heard, elapsedMs);
      continue;
    }
    if (how.leave.aborted) return left(act, events);
    if (elapsedMs > limitMs[act.name]) return silent(act.name, events, await hand.withdraw(act));
    if (hand.nowMs() - quietMs >= glanceMs) {
      quietMs = hand.nowMs();
      const now = await hand.glance().catch(() => null);
      const end = now && endSeen(act, now, elapsedMs);
      if (end) return told(act, end, hand.wallMs());
    }
    show.waiting(waitingFor(act.name, events), elapsedMs);
    await hand.sleep(stepMs);
  }
}

/** The monitor's sentence, and for a pause the time of day, which the monitor does not know for the operator. */
function told(act: Act, end: End, wallMs: number): End {
  if (act.name !== 'pause' || end.result !== 'done') return end;
  const until = timeOfDay(wallMs + act.ms);
  return {
    ...end,
    say: `Paused until ${until}, for ${lengthText(act.ms)}: nothing is taken over or given back. It ends by itself; "resume" ends it sooner.`,
  };
}

function left(act: Act, events: readonly string[]): End {
  const stands = begun(act.name, events) ? 'What has begun goes on' : 'The request stands';
  return {
    result: 'left',
    exit: 130,
    say: `Stopped watching. ${stands}; see what comes of it with "status".`,
    next: act.name === 'promote' ? ['To take it back once it is active: "demote".'] : [],
  };
}
