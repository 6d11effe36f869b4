import {describe, expect, it} from 'vitest';
import {config} from '../../src/phases/3-config.js';
import {layout} from '../../src/templates/layout.js';
import {bareStandby, planInputOf} from './facts.js';

const envFile = `standby:env-file:${layout.envFile}`;
const planned = (names: Record<string, string>) => [
  ...config.plan(planInputOf({standby: bareStandby({envFiles: {[layout.envFile]: names}})})),
];

describe('secrets of the standby', () => {
  it('that nothing uses any more go after the config that named them has been replaced', () => {
    const changes = planned({FAILOVER_TELEGRAM_BOT_TOKEN: 'h', SOMEBODY_ELSES: 'h'});
    const ids = changes.map(({id}) => id);
    expect(ids.indexOf('standby:gateway-config')).toBeGreaterThanOrEqual(0);
    expect(ids.indexOf(`${envFile}:unused`)).toBeGreaterThan(ids.indexOf('standby:gateway-config'));
    const change = changes.find(({id}) => id === `${envFile}:unused`);
    expect(change).toMatchObject({entries: {}, drop: ['FAILOVER_TELEGRAM_BOT_TOKEN']});
    expect(changes.find(({id}) => id === envFile)).toMatchObject({drop: []});
  });

  it('that are all in use stay', () => {
    expect(planned({FAILOVER_GATEWAY_TOKEN: 'h'}).map(({id}) => id)).not.toContain(`${envFile}:unused`);
  });
});
