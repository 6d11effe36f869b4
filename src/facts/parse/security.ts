import type {HostFacts} from '../types.js';
import {lines, need, oneLine, type Sections} from './sections.js';

export function firewallOf(sections: Sections): HostFacts['firewall'] {
  const text = need(sections, 'firewall');
  if (!text.known) return text;
  const [presence, ...rest] = lines(text.value);
  return {
    known: true,
    value: {
      installed: presence === 'present',
      enabled: rest.some((line) => /^ENABLED=["']?yes["']?$/i.test(line)),
      closed: rest.some((line) => /^DEFAULT_INPUT_POLICY=["']?(?:DROP|REJECT)["']?$/i.test(line)),
      rules: [...new Set(rest.flatMap((line) => ruleOf(line)))],
    },
  };
}

/**
 * One `### tuple ###` line of ufw's user.rules as the words after `ufw` that make it: `allow 22/tcp`,
 * `allow in on tailscale0`, `allow from 10.0.0.0/8 to any port 443 proto tcp`. IPv4 and IPv6 give the same words
 * where no address is named, so a rule for both is one rule.
 */
function ruleOf(line: string): string[] {
  const words = /^### tuple ### (.*)$/
    .exec(line)?.[1]
    ?.replace(/ comment=\S*$/, '')
    .split(' ');
  if (!words || words.length < 7) return [];
  const [action = '', protocol = 'any', toPort = 'any', to = 'any', fromPort = 'any', from = 'any'] = words;
  const direction = words.at(-1) ?? 'in';
  const [way = 'in', ...device] = direction.split('_');
  const route = action.startsWith('route:');
  const verb = [...(route ? ['route'] : []), action.replace(/^route:/, '').replaceAll('_', ' ')];
  const on = device.length > 0 ? [way, 'on', device.join('_')] : way === 'out' ? ['out'] : [];
  const anyTo = /^(?:0\.0\.0\.0\/0|::\/0)$/.test(to);
  const anyFrom = /^(?:0\.0\.0\.0\/0|::\/0)$/.test(from);
  const port = toPort === 'any' ? [] : [toPort];
  if (anyTo && anyFrom && fromPort === 'any' && device.length === 0 && port.length > 0) {
    return [[...verb, ...on, protocol === 'any' ? toPort : `${toPort}/${protocol}`].join(' ')];
  }
  const simple = anyTo && anyFrom && fromPort === 'any' && port.length === 0;
  if (simple) return [[...verb, ...on, ...(protocol === 'any' ? [] : ['proto', protocol])].join(' ')];
  return [
    [
      ...verb,
      ...on,
      ...(anyFrom && fromPort === 'any' ? [] : ['from', anyFrom ? 'any' : from]),
      ...(fromPort === 'any' ? [] : ['port', fromPort]),
      'to',
      anyTo ? 'any' : to,
      ...(port.length > 0 ? ['port', ...port] : []),
      ...(protocol === 'any' ? [] : ['proto', protocol]),
    ].join(' '),
  ];
}

export function fail2banOf(sections: Sections): HostFacts['fail2ban'] {
  const section = sections.get('fail2ban');
  if (!section) return {known: false, reason: 'the reading was cut off before it'};
  const [presence, ...rest] = lines(section.text);
  if (presence === 'absent') return {known: true, value: {installed: false, active: false, jails: []}};
  const down = {known: true, value: {installed: true, active: false, jails: []}} as const;
  if (rest[0] === 'down') return {...down, value: {...down.value, jails: []}};
  if (section.code !== 0)
    return {known: false, reason: section.stderr || 'fail2ban-client did not answer within 5 s'};
  const list =
    rest.map((line) => /Jail list:\s*(.*)$/.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
  return {known: true, value: {installed: true, active: true, jails: list.split(/,\s*/).filter(Boolean)}};
}

export function tailscaleOf(sections: Sections): HostFacts['tailscale'] {
  const section = sections.get('tailscale');
  if (!section) return {known: false, reason: 'the reading was cut off before it'};
  const [presence = '', ...rest] = section.text.split('\n');
  if (presence.trim() === 'absent') return {known: true, value: {installed: false, state: 'not installed'}};
  const ip4 = rest.map((line) => /^ip4 ((?:\d{1,3}\.){3}\d{1,3})$/.exec(line.trim())?.[1]).find(Boolean);
  const json = rest.filter((line) => !line.startsWith('ip4')).join('\n');
  try {
    const status = JSON.parse(json) as {
      BackendState?: unknown;
      AuthURL?: unknown;
      Self?: {KeyExpiry?: unknown} | null;
    } | null;
    // A key that never expires has none, or the zero time.
    const expiry = status?.Self?.KeyExpiry;
    const expiresMs = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN;
    const url =
      typeof status?.AuthURL === 'string' && /^https:\/\/\S+$/.test(status.AuthURL)
        ? oneLine(status.AuthURL)
        : undefined;
    return {
      known: true,
      value: {
        installed: true,
        state: typeof status?.BackendState === 'string' ? oneLine(status.BackendState, 40) : 'unknown',
        ...(ip4 !== undefined && {ip4}),
        ...(url !== undefined && {loginUrl: url}),
        ...(expiresMs > 0 && {keyExpires: new Date(expiresMs).toISOString()}),
      },
    };
  } catch {
    // A stand-in or an old version without JSON: the address is what matters.
    if (ip4 !== undefined) return {known: true, value: {installed: true, state: 'Running', ip4}};
    return {known: false, reason: section.stderr || 'tailscale did not answer within 2 s'};
  }
}
