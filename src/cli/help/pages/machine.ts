import type {Page} from '../page.js';

/** What is about this machine and this program. */
export const machinePages: Readonly<Record<string, Page>> = {
  doctor: {
    examples: [
      ['failover-wizard doctor', 'this machine; contacts nobody'],
      ['failover-wizard doctor --connect', 'and knocks at the hosts of every pair'],
      ['failover-wizard doctor root@203.0.113.10 --connect', 'or at one host, before setup'],
      ['failover-wizard doctor --json', 'for scripts'],
    ],
    environment: ['SSH_AUTH_SOCK', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'TERM', 'NO_COLOR'],
    exits: {ok: 'no problem was found; there may be tips', degraded: 'a problem was found'},
    more: 'README.md',
  },
  keys: {
    examples: [
      ['failover-wizard keys list', 'the pinned keys'],
      ['failover-wizard keys forget 203.0.113.10', 'after a reinstall'],
    ],
    environment: ['XDG_CONFIG_HOME'],
  },
  'keys list': {
    examples: [
      ['failover-wizard keys list', 'host, kind, fingerprint'],
      ['failover-wizard keys list --pair lab --json', 'of one of several pairs, for scripts'],
    ],
    environment: ['XDG_CONFIG_HOME'],
  },
  'keys forget': {
    examples: [
      ['failover-wizard keys forget 203.0.113.10', 'the next connection asks again'],
      ['failover-wizard keys forget claw-main --pair lab', 'of one of several pairs'],
    ],
    environment: ['XDG_CONFIG_HOME'],
  },
  completion: {
    examples: [
      ['source <(failover-wizard completion bash)', 'in ~/.bashrc'],
      ['source <(failover-wizard completion zsh)', 'in ~/.zshrc, after compinit'],
      ['failover-wizard completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
    notes: [
      {
        title: 'Or kept in a file',
        rows: [
          ['bash', '~/.local/share/bash-completion/completions/failover-wizard'],
          ['zsh', '_failover-wizard in a folder of $fpath'],
          ['fish', '~/.config/fish/completions/failover-wizard.fish'],
        ],
      },
    ],
    environment: ['XDG_CONFIG_HOME'],
  },
  help: {
    examples: [
      ['failover-wizard help setup', 'the same as failover-wizard setup --help'],
      ['failover-wizard help drill schedule', 'a command below another'],
    ],
  },
};
