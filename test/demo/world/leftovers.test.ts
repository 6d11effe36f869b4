import {describe, expect, it} from 'vitest';
import {isOf} from '../../../src/demo/world/leftovers.js';

const folder = '/tmp/failover-rehearsal-abc';

describe('a process is one of a rehearsal', () => {
  it.each([
    `HOME=${folder}/primary/home/openclaw\0PATH=/usr/bin`,
    `FAILOVER_REHEARSAL={"root":"${folder}/standby"}`,
    `A=b\0FAILOVER_REHEARSAL_NETWORK={"state":"${folder}/network"}`,
  ])('by what it was given: %j', (environment) => expect(isOf(folder, environment)).toBe(true));

  it.each([
    `PWD=${folder}\0OLDPWD=${folder}/operator`,
    `HOME=/home/me\0EDITOR=vi ${folder}/x`,
    `HOME=${folder}d/primary`,
    '',
  ])('and not by %j', (environment) => expect(isOf(folder, environment)).toBe(false));
});
