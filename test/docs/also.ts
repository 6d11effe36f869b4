// What the page of messages says beside the program's own words: advice where the program gives none, by how a
// message begins. Every line here has to fit a message, so that none outlives it.

export const also: Readonly<Record<string, string>> = {
  // While connecting
  'The connection was closed.': 'Run the same command again; it continues from what the hosts say.',
  'The attempt to connect was given up.': 'Run the same command again.',
  'The command … on the HOST ended with code CODE.':
    'A command that was to go on talking ended. Run the same command again; if it stays, look at the host (load, disk).',
  'The command … on the HOST was ended by SIGNAL.':
    'Somebody ended it, or the host had no memory left: free -m',
  'What samples the HOST ended by itself.': 'The view connects anew by itself.',
  // Setup
  'There is no Node build for ARCH (HOST).': 'Take an x86-64 or ARM64 server.',
  '… has no Node that satisfies RANGE for …':
    'The mirror is incomplete: set mirrors.node in the answers to one that has it, or leave it out.',
  '…/v…/SHASUMS256.txt does not list':
    'The mirror is incomplete: set mirrors.node in the answers to another one, or leave it out.',
  'There is nothing to pull secrets with.': 'Run setup again; it makes the key first.',
  'The demo has no NAME.': 'The demo reads recordings and changes nothing; run it without that question.',
  'The output cannot be written': 'Is the disk full that it is written to, or is a pipe closed?',
  'Stopped during the failover test.':
    'The primary is started again by a timer on itself within 10 min. See: failover-wizard status',
  'Stopped before the channel was tried.': 'Run the same command again to continue.',
  "The HOST's gateway cannot be edited by its own program.":
    'See there whether it works: openclaw config validate; then run the same command again.',
  // Drills
  'The crontab was written, but does not hold':
    'Put it right with crontab -e, or use --ics for your calendar.',
  'The fault was taken back on the primary. What became of it was not seen':
    'See it: failover-wizard status; finish the drill: failover-wizard drill --finish',
  // Checklist of a drill
  'The gateway of the primary is not known': 'Look at it: failover-wizard status',
  'Not connected on the primary before anything is broken':
    'On the primary: openclaw channels status. A drill goes on; what its users see says little.',
  'The versions of OpenClaw could not be compared.': 'Look at both: failover-wizard status',
  'The workspaces could not be compared.': 'Look at both: failover-wizard status',
  'It is not known how old the workspace of the standby is.':
    'On the standby: journalctl -u openclaw-standby-sync -n 20',
  'How full the disk of the HOST is is not known.': 'On it: df -h',
  'The clocks of the hosts are only known to': 'Nothing, if such figures do; else another network.',
  "The standby's own check says that a takeover would not work": 'What it names; then failover-wizard setup.',
  "Nothing restarts the primary's gateway after a crash":
    'Nothing for the drill. For real life: Restart=always in its unit.',
  'The standby has no second path to the primary':
    'Nothing for the drill. For real life: let the standby reach the SSH port of the primary on its public address.',
  // Before pause, resume, promote, demote
  'The disk of the standby takes nothing': 'Make room on it: df -h',
  'The monitor does not run (its unit is UNIT).':
    'On the standby, as root: systemctl start openclaw-health-monitor; why it stopped: journalctl -u openclaw-health-monitor -n 50',
  'The monitor has written nothing since this host booted.':
    'On the standby, as root: systemctl restart openclaw-health-monitor',
  'The monitor stands still':
    'systemd ends it after 30 s and starts it anew; if it stays: df -h, dmesg | tail on the standby.',
  'The standby is on its way back to sleep': 'Wait, then ask again.',
  'It holds the give-back too': 'failover-wizard resume, then demote again.',
  'The split guard refuses the config of the standby': 'failover-wizard setup: it writes the config anew.',
  'The split guard could not be asked': 'Nothing yet: it is asked again before the gateway starts.',
  'The primary answers (': 'Nothing, when that is what you want: each bot has an account of its own.',
  "This host's own network failed": 'See to the network of the standby first.',
  'Setup has not proven the model credentials': 'failover-wizard setup tries them.',
  'Whether the model answers could not be seen.': 'failover-wizard setup tries it.',
  'The workspace was fetched WORKSPACE-AGE ago.': 'On the standby: journalctl -u openclaw-standby-sync -n 20',
  'It is not known how old the workspace is.': 'On the standby: journalctl -u openclaw-standby-sync -n 20',
  'The primary came and went too often': 'Find out why before you give back.',
  'The primary is not well now (': 'Nothing, when that is why you pause.',
  // Reasons of "Not protected"
};

/** The words behind "Not protected:" → what to do, with where more of it stands in operations.md. */
export const aboutReasons: Readonly<Record<string, string>> = {
  'standby silent':
    'Is the standby up? Your provider’s console, then `ssh`. Nobody takes over meanwhile. [The monitor is silent](operations.md#the-monitor-or-the-standby-is-silent)',
  'split conflict':
    'Give the two nodes different accounts, today. [Split conflict](operations.md#both-bots-answer-or-the-split-is-in-conflict)',
  'no monitor':
    '`failover-wizard setup` puts it there. [The monitor is silent](operations.md#the-monitor-or-the-standby-is-silent)',
  'monitor down':
    'On the standby, as root: `systemctl start openclaw-health-monitor`. [The monitor is silent](operations.md#the-monitor-or-the-standby-is-silent)',
  'monitor hangs':
    'On the standby, as root: `systemctl restart openclaw-health-monitor`. [The monitor is silent](operations.md#the-monitor-or-the-standby-is-silent)',
  'standby blocked':
    'On the standby: `journalctl -u openclaw -n 50`. [It could not take over](operations.md#the-standby-could-not-take-over)',
  'standby not ready':
    'What the sentence names. [It could not take over](operations.md#the-standby-could-not-take-over)',
  paused:
    '`failover-wizard resume`, when the work is done. [Planned work](operations.md#planned-work-on-the-primary)',
  'held back':
    '`failover-wizard explain held`. [The primary is dead and nothing happens](operations.md#the-primary-is-dead-and-nothing-happens)',
  'too many takeovers':
    'See why the primary comes and goes. In need: `failover-wizard promote`. [Flapping](faq.md#the-primary-comes-and-goes-flapping)',
  'primary not seen': 'Wait some seconds after a start of the monitor; then `failover-wizard setup`.',
  'disk full':
    'Make room on the standby: `df -h`. It still takes over. [A disk is full](operations.md#a-disk-is-full)',
  'split unknown':
    'Make the credential readable on that host. [Split conflict](operations.md#both-bots-answer-or-the-split-is-in-conflict)',
  'versions differ':
    '`failover-wizard setup` brings the standby to the primary’s version. [An upgrade of OpenClaw](operations.md#an-upgrade-of-openclaw)',
  'Not known: primary not read':
    'Your machine does not reach the primary, the standby does. Look at your own network, VPN, or keys.',
  'workspace not pushed':
    'What it names; "diverged": the command that stands there. [The workspace](operations.md#the-workspace-is-old-not-pushed-or-a-branch-waits)',
  'workspace old':
    'The journal that it names. [The workspace](operations.md#the-workspace-is-old-not-pushed-or-a-branch-waits)',
};
