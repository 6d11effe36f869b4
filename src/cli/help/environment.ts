/** A variable that the program heeds on the operator's machine. */
export interface Variable {
  name: string;
  words: string;
}

/** Every variable that the operator may set, for help, man page and docs. */
export const variables: readonly Variable[] = [
  {
    name: 'NO_COLOR',
    words: 'set to anything: no colours, as with --no-color',
  },
  {
    name: 'FORCE_COLOR',
    words: '0: no colours in screens and help',
  },
  {
    name: 'TERM',
    words: 'dumb: lines instead of a screen',
  },
  {
    name: 'INK_SCREEN_READER',
    words: '1 or true: sentences as things change, for a screen reader',
  },
  {
    name: 'SSH_AUTH_SOCK',
    words: 'the SSH agent that is asked for keys; IdentityAgent in the SSH config goes before it',
  },
  {
    name: 'GIT_SSH_COMMAND',
    words: 'the ssh with which setup tries the remote of the workspace from here (default: ssh)',
  },
  {
    name: 'XDG_CONFIG_HOME',
    words: 'saved pairs and pinned host keys: failover-wizard/ below it (default: ~/.config)',
  },
  {
    name: 'XDG_STATE_HOME',
    words: 'logs, drill reports and bug reports: failover-wizard/ below it (default: ~/.local/state)',
  },
];

/** Secrets have no names of ours: `--secret token=env:NAME` says which variable holds one. */
export const secretVariable: Variable = {
  name: 'NAME',
  words: 'any variable that --secret, --notify or the answers name as env:NAME; it holds that secret',
};

/**
 * What is read as well and is nobody's to set for this program: it comes with the login or the terminal, or is handed on
 * to programs that are called.
 */
export const surroundings: readonly string[] = [
  'PATH',
  'NODE_ENV',
  // The locale, and where the terminal is: `doctor` tells of them.
  'LC_ALL',
  'LC_CTYPE',
  'LANG',
  'TERM_PROGRAM',
  'TMUX',
  'STY',
  'WT_SESSION',
  // The desktop.
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
];
