import {getAt, type Path} from '../../pair/path.js';
import type {Question} from './question.js';
import {asksText} from './simple.js';

const primarySsh: Path = ['primary', 'ssh'];
const standbySsh: Path = ['standby', 'ssh'];

/** How to reach the two servers: the only thing that must be known before anything else. */
export const targets: readonly Question[] = [
  {
    path: primarySsh,
    label: 'Primary',
    flag: {flags: '--primary <user@host>', describe: 'SSH target of the server where the gateway runs today'},
    required: true,
    ask: asksText(primarySsh, {
      message: 'Primary (user@host)',
      why: 'The server where your OpenClaw gateway runs today; root, or a user who may sudo. A Host from your SSH config works too.',
    }),
  },
  {
    path: standbySsh,
    label: 'Standby',
    flag: {flags: '--standby <user@host>', describe: 'SSH target of the server that will take over'},
    required: true,
    ask: asksText(standbySsh, {
      message: 'Standby (user@host)',
      why: 'The server that sleeps and takes over; a fresh Debian or Ubuntu machine, best with another provider.',
      wrong: (text, {draft}) =>
        text === getAt(draft, primarySsh) ? 'that is the primary; the standby is another server' : undefined,
    }),
  },
];

function connectionFlags(host: 'primary' | 'standby'): Question[] {
  return [
    {
      path: [host, 'identityFile'],
      label: `Key for the ${host}`,
      flag: {
        flags: `--${host}-identity <file>`,
        describe: `private key for the ${host} (default: agent, SSH config)`,
      },
    },
    {
      path: [host, 'hostKey'],
      label: `Host key of the ${host}`,
      flag: {flags: `--${host}-host-key <SHA256:…>`, describe: `expected host key of the ${host}`},
    },
    {
      path: [host, 'jump'],
      label: `Jump host to the ${host}`,
      flag: {flags: `--${host}-jump <user@host>`, describe: `reach the ${host} through this host`},
    },
    {
      path: [host, 'address'],
      label: `Private address of the ${host}`,
      flag: {
        flags: `--${host}-address <ip>`,
        describe: `private address of the ${host} (default: found there)`,
      },
    },
  ];
}

/** How the hosts are reached in detail; never asked, because the SSH config and the hosts usually say it. */
export const connections: readonly Question[] = [
  ...connectionFlags('primary'),
  ...connectionFlags('standby'),
  {
    path: ['primary', 'gatewayUser'],
    label: 'Owner of the gateway',
    flag: {
      flags: '--gateway-user <user>',
      describe: 'owner of the gateway on the primary (default: found there)',
    },
  },
  {
    path: ['standby', 'operatorKey'],
    label: 'Key that may log in as openclaw',
    flag: {
      flags: '--operator-key <key>',
      describe: 'public key, or its file, that may log in as openclaw on the standby',
    },
  },
];

/** Named last: it is cosmetic, and the default is nearly always right. */
export const hostname: Question = {
  path: ['standby', 'hostname'],
  label: 'Host name of the standby',
  flag: {flags: '--hostname <name>', describe: 'host name of the standby'},
  initial: ({facts}) => {
    if (!facts) return undefined;
    const own = facts.standby.hostname;
    return own === facts.primary.hostname || own === 'localhost' || own === '' ? 'claw-standby' : own;
  },
  ask: asksText(['standby', 'hostname'], {
    message: 'Host name of the standby',
    why: 'It stands in logs, alerts and hand-back branches, so it should differ from the primary.',
  }),
};
