import type {Evidence, EventName} from '../events.js';
import type {Hold} from '../memory.js';

/** What a message is called, and what its reader should do. */
export interface Advice {
  title: string;
  /** One or two sentences, in the words of somebody who was woken up. */
  advice: string;
  /** What depends on how things stand, said after it. */
  more?: (evidence: Evidence) => string;
  /** Waits for a person: nothing here will put it right by itself. */
  act?: true;
}

const nothing = 'Nothing to do.';
const log = 'On the standby: journalctl -u openclaw-health-monitor -n 50 says what was seen.';
const lookAtPrimary =
  'Look at the primary when you can: is the server up, and what does its gateway say (openclaw status, journalctl)?';

const byDemote = 'on the standby: sudo openclaw-failover demote.';
/** What holds the give-back → when it comes. */
const whenBack: Readonly<Partial<Record<Hold, string>>> = {
  'by-hand': `Somebody took over by hand, so the standby stays in charge until somebody gives back, ${byDemote}`,
  manual: `Failback is manual: the standby stays in charge until somebody gives back, ${byDemote}`,
  latched: `There were several takeovers in a short time, so the standby stays in charge for a while even when the primary is well. To give back sooner, ${byDemote}`,
  paused: 'A pause is in force: nothing is given back before it ends.',
};

/** Messages that are about telling itself. */
export type OwnEvent = 'test' | 'digest' | 'dropped';

/** Event → what to do about it. Whoever adds an event adds its advice. */
export const advice: Readonly<Record<EventName | OwnEvent, Advice>> = {
  promoting: {
    title: 'The standby takes over',
    advice: 'Nothing to do yet: a second message follows in about half a minute, when the bot is there.',
  },
  promoted: {
    title: 'Taken over',
    advice: `People reach the standby's bot now. ${lookAtPrimary}`,
    more: ({stays}) =>
      (stays && whenBack[stays]) ?? 'When it is well again, the standby gives back by itself.',
  },
  demoting: {
    title: 'The standby gives back',
    advice: 'Nothing to do: a second message follows when the standby sleeps again.',
  },
  demoted: {
    title: 'Given back',
    advice:
      'The primary is in charge again. What the agent changed on the standby is on a branch failover/… of the workspace: merge it where you like. Merged on the Git host, the primary takes it over with its next push (every 5 min) as long as that is a fast-forward; else failover-wizard status says "diverged", and the command that helps.',
  },
  'demotion-unseen': {
    title: "The standby's gateway does not stop",
    act: true,
    advice:
      'Both bots may be up, each with its own account. On the standby as root: systemctl status openclaw.service openclaw-failover-role.service; then systemctl stop openclaw.service.',
  },
  held: {
    title: 'The primary is gone and the standby does not take over',
    act: true,
    advice: `The reason is named above: end the pause (sudo openclaw-failover resume), or mend the network of the standby, or see to the primary. ${log}`,
  },
  blocked: {
    title: 'The standby cannot take over',
    act: true,
    advice:
      'Nobody answers now. On the standby: journalctl -u openclaw -n 50. Usual causes: credentials that have expired, a config changed by hand (run failover-wizard setup), or a full disk. Getting the primary up again ends it too.',
  },
  retrying: {
    title: 'The standby tries again to take over',
    advice: 'Nothing to do yet. If it fails again, journalctl -u openclaw -n 50 on the standby says why.',
  },
  'attempt-failed': {
    title: "The standby's gateway did not start",
    advice: 'Nothing to do yet: it is tried again. journalctl -u openclaw -n 50 on the standby says why.',
  },
  unblocked: {
    title: 'The primary is well again',
    advice: 'The standby had failed to take over: find out why before the next time.',
  },
  'gateway-lost': {
    title: "The standby's gateway stopped while it was in charge",
    advice:
      'If nobody stopped it and that repeats, look at journalctl -u openclaw -n 50 and free -m on the standby.',
  },
  'gateway-hung': {
    title: "The standby's gateway hung while it was in charge",
    advice: 'If that repeats, look at journalctl -u openclaw -n 50, free -m and top on the standby.',
  },
  'channel-lost': {
    title: "The standby's bot is not connected",
    act: true,
    advice:
      'The gateway runs and its channel is not there. On the standby: openclaw channels status. Is the network of the chat service up, is the credential still valid?',
  },
  'channel-back': {title: "The standby's bot is connected again", advice: nothing},
  latched: {
    title: 'Too many takeovers: the standby stays in charge',
    act: true,
    advice: `Find out why the primary comes and goes. When it is sound, give back by hand, on the standby: sudo openclaw-failover demote. ${log}`,
  },
  unlatched: {title: 'The standby may give back again', advice: nothing},
  drift: {
    title: "The standby's gateway ran although the primary is in charge",
    act: true,
    advice:
      'It is stopped again. Did somebody start openclaw.service by hand? To hand over on purpose: sudo openclaw-failover promote.',
  },
  resuming: {
    title: 'The standby rebooted while it was in charge',
    advice: `It takes over again if the primary is still gone. ${lookAtPrimary}`,
  },
  suspected: {
    title: 'The primary is suspected',
    advice: 'Nothing to do yet: the standby looks closer and decides.',
  },
  cleared: {title: 'The primary answers again', advice: nothing},
  asked: {title: 'What the primary says of itself', advice: 'Nothing to do yet.'},
  trouble: {
    title: 'The primary needs a look',
    act: true,
    advice: `The standby waits, for the reason named above. ${lookAtPrimary}`,
  },
  interrogation: {
    title: "The primary's own report",
    advice:
      'Without it the standby decides by timers alone, a little slower. Run failover-wizard setup: it says what is missing.',
  },
  'way-out': {
    title: 'Whether the standby is online',
    advice:
      'Before it takes over it asks the servers named above. Let it reach them, or name others under monitor.witnesses and run failover-wizard setup.',
  },
  'not-ready': {
    title: "The primary's bot",
    act: true,
    advice:
      'While it is not ready, nobody may be answered. On the primary: openclaw channels status. A channel that is not started after crashes: openclaw gateway call channels.start --params \'{"channel":"NAME"}\'. To let the standby answer meanwhile, on it: sudo openclaw-failover promote.',
  },
  latency: {
    title: 'How quickly the primary answers',
    advice:
      'Nothing is taken over for that. Is the network between the two slow (ping the private address of the primary from the standby), or the primary short of CPU (uptime)?',
  },
  'promote-refused': {title: 'A takeover by hand was refused', advice: 'The reason is named above.'},
  'primary-back': {title: 'The primary answers again', advice: nothing},
  'primary-gone': {title: 'The primary is gone again', advice: nothing},
  'gateway-started': {title: "The standby's gateway runs", advice: nothing},
  'gateway-ready': {title: "The standby's gateway is ready", advice: nothing},
  started: {title: 'The monitor started', advice: nothing},
  paused: {
    title: 'Paused',
    advice: 'Nothing is taken over or given back until the pause ends; it ends by itself.',
  },
  resumed: {title: 'The pause is over', advice: nothing},
  'failback-asked': {title: 'Giving back was asked for', advice: nothing},
  'failback-dropped': {title: 'Giving back was taken back', advice: nothing},
  'failback-refused': {title: 'There is nothing to give back', advice: nothing},
  tested: {title: 'This takeover is a test', advice: nothing},
  gap: {
    title: 'The standby stood still',
    advice:
      'If that repeats, its server is short of CPU or is paused by the provider: it would take over late.',
  },
  'state-broken': {
    title: "The monitor's state file was broken",
    act: true,
    advice: 'It was put aside and the monitor goes on. Look at the disk of the standby: dmesg | tail, df -h.',
  },
  settings: {
    title: 'Settings of the monitor',
    act: true,
    advice: 'Run failover-wizard setup: it writes them anew.',
  },
  workspace: {
    title: 'The workspace of the standby',
    advice:
      'The standby would start from an older copy. "diverged" means that both sides have commits of their own: merge them by hand. On the standby: journalctl -u openclaw-standby-sync -n 20; on the primary: journalctl -u openclaw-workspace-push -n 20.',
  },
  handback: {
    title: 'What the standby changed',
    act: true,
    advice:
      'Nothing is lost: it lies in /home/openclaw/.openclaw/workspace on the standby. On the standby: journalctl -u openclaw-failover-handback -n 20.',
  },
  'handback-push': {
    title: 'The hand-back is not pushed',
    act: true,
    advice:
      'It is kept on the standby and tried again. If it stays: may the deploy key still push? journalctl -u openclaw-failover-handback-push -n 20.',
  },
  warm: {
    title: 'The sleeping gateway',
    advice:
      'A takeover starts the gateway anew meanwhile, which takes its whole start. Give the host more memory.',
  },
  prepare: {
    title: 'Whether the standby could take over',
    act: true,
    advice: 'What is named above would stop a takeover. Put it right now, or run failover-wizard setup.',
  },
  secrets: {
    title: 'Secrets of the standby',
    advice:
      'The last ones that were pulled stay in force. On the standby: journalctl -u openclaw-failover-secrets -n 20.',
  },
  disk: {
    title: 'The disk of the standby',
    act: true,
    advice: 'It still takes over. Make room or look for errors: df -h, dmesg | tail.',
  },

  // Made here, not by the monitor
  test: {title: 'A test message', advice: 'Nothing to do: you see this, so telling works.'},
  digest: {
    title: 'Several messages in one',
    advice:
      'Much happens in a short time. /var/lib/openclaw-failover/events.jsonl on the standby has all of it.',
  },
  dropped: {
    title: 'Messages were lost',
    advice:
      'They could not be delivered for a day, or were too many. /var/lib/openclaw-failover/events.jsonl on the standby has what happened.',
  },
};
