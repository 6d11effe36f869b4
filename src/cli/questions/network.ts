import {getAt} from '../../pair/path.js';
import {networkSecretName} from '../../pair/secret-names.js';
import {Secret} from '../../secret.js';
import {isCarrierGrade, isPrivate} from '../../phases/network.js';
import {loopbackOnly, sharedNetwork} from './networks.js';
import type {Asking, Question} from './question.js';
import {sourceInWords} from './secrets.js';
import {asksChoice, asksText} from './simple.js';

const isTailscale = ({draft}: Asking) => getAt(draft, ['network', 'kind']) === 'tailscale';
const found = ({facts}: Asking) => (facts ? sharedNetwork(facts) : undefined);

/** How the two servers see each other, and how the primary's health becomes visible over it. */
export const network: readonly Question[] = [
  {
    path: ['network', 'kind'],
    label: 'Private network',
    flag: {
      flags: '--network <kind>',
      describe: 'private network between the hosts: existing or tailscale (default: what is found)',
      choices: ['existing', 'tailscale'],
    },
    when: ({facts}) => facts !== undefined,
    initial: (asking) => (found(asking) ? 'existing' : 'tailscale'),
    ask: asksChoice(
      'Private network',
      'The standby watches the primary over a private address, so that its health is never open to the Internet.',
      (asking) => {
        const shared = found(asking);
        return [
          {
            value: 'existing',
            name: shared
              ? `the one they share already (${shared.primary} and ${shared.standby} on ${shared.name})`
              : 'one that exists already; I give the addresses',
          },
          {value: 'tailscale', name: 'Tailscale, installed on the standby from its signed apt repository'},
        ];
      },
    ),
  },
  {
    path: ['network', 'authKey'],
    label: 'Tailscale auth key',
    tell: (asking, source) => sourceInWords(source, asking.secrets[networkSecretName] !== undefined),
    when: (asking) => isTailscale(asking) && !joined(asking),
    ask: async (asking, prompter) => {
      const text = await prompter.password({
        message: 'Tailscale auth key (empty: show a login link)',
        why: 'A one-time key from the Tailscale admin console joins the standby without a browser; it is used once and not kept.',
        wrong: (value) =>
          value === '' || value.startsWith('tskey-') ? undefined : 'an auth key begins with tskey-',
      });
      if (text === '') return undefined;
      asking.secrets[networkSecretName] = new Secret(text);
      return {prompt: true};
    },
  },
  address('primary'),
  address('standby'),
  {
    path: ['primary', 'expose'],
    label: "The primary's health",
    flag: {
      flags: '--expose <how>',
      describe: 'make a loopback-only gateway reachable: bind, serve or no',
      choices: ['bind', 'serve', 'no'],
    },
    // `tailscale serve` set up by hand also listens on loopback only, and needs nothing.
    when: ({facts}) =>
      facts !== undefined && loopbackOnly(facts.primary) && facts.standby.probe?.status !== 200,
    required: true,
    consent: true,
    ask: asksChoice(
      "The primary's gateway listens on loopback only. How may the standby see its health?",
      'Without it nobody but the primary itself can tell whether it lives.',
      ({facts, draft}) => {
        const tailscale =
          getAt(draft, ['network', 'kind']) === 'tailscale' ||
          (facts?.primary.tailscale.known === true && facts.primary.tailscale.value.installed);
        return [
          {
            value: 'bind',
            name: 'let it listen on its private address, with a token (its config is edited, with a backup)',
            description: 'The gateway restarts once: about 21 seconds without it.',
          },
          {
            value: 'serve',
            name: 'forward the port with tailscale serve (the gateway is not touched)',
            ...(tailscale ? {} : {disabled: 'needs Tailscale on the primary'}),
          },
          {
            value: 'no',
            name: 'leave it; I make it reachable myself',
            description: 'Phase 1 stays blocked until it is.',
          },
        ];
      },
    ),
  },
];

/** Asked only where an existing network was chosen and none that both hosts share was found. */
function address(host: 'primary' | 'standby'): Question {
  return {
    path: [host, 'address'],
    label: `Private address of the ${host}`,
    when: (asking) =>
      asking.facts !== undefined &&
      getAt(asking.draft, ['network', 'kind']) === 'existing' &&
      found(asking) === undefined,
    initial: ({facts}) =>
      facts?.[host].addresses.find(({address: one}) => isCarrierGrade(one) || isPrivate(one))?.address,
    ask: asksText([host, 'address'], {
      message: `Private address of the ${host}`,
      why: 'No network that both servers share was found, so it has to be named.',
    }),
  };
}

function joined({facts}: Asking): boolean {
  const tailscale = facts?.standby.tailscale;
  return tailscale?.known === true && tailscale.value.state === 'Running';
}
