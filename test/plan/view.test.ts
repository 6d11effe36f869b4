import {describe, expect, it} from 'vitest';
import {viewChange} from '../../src/plan/view.js';

const change = (tree: Record<string, unknown>, before?: Record<string, unknown>) =>
  ({
    kind: 'gateway-config',
    id: 'x',
    host: 'standby',
    title: 'config',
    path: '/c.json',
    user: 'openclaw',
    header: '',
    tree,
    ...(before && {before: `${JSON.stringify(before, null, 2)}\n`}),
  }) as const;

describe('the diff of a gateway config', () => {
  const providers = {
    stub: {baseUrl: 'http://127.0.0.1:1', apiKey: 'in-the-answers', headers: {'X-A': 'mine'}},
  };
  it('shows no secret that stands in it', () => {
    const {diff} = viewChange(change({models: {providers}, note: 'sk-abcdefghijklmnopqrstuvwxyz'}));
    expect(diff).not.toMatch(/in-the-answers|mine|sk-abc/);
    expect(diff).toContain('+        "apiKey": "[redacted]"');
    expect(diff).toContain('"baseUrl": "http://127.0.0.1:1"');
  });
  it('shows references as they are', () => {
    expect(viewChange(change({token: '${FAILOVER_GATEWAY_TOKEN}'})).diff).toContain(
      '${FAILOVER_GATEWAY_TOKEN}',
    );
  });
  it('shows what differs and not the secrets that stay, fingerprints included', () => {
    const read = {
      models: {
        providers: {stub: {...providers.stub, apiKey: {$fp: 'f00d'}, headers: {'X-A': {$fp: 'f11d'}}}},
      },
    };
    const {diff} = viewChange(change({models: {providers}, cron: {enabled: false}}, read));
    expect(diff).toContain('+  "cron"');
    expect(diff).not.toMatch(/^[-+].*redacted/m);
    expect(diff).not.toContain('f00d');
  });
});
