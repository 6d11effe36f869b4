import {describe, expect, it} from 'vitest';
import {pairSchema} from '../../src/pair/schema.js';
import {staysOf} from '../../src/remove/stays.js';
import {hardeningFiles} from '../../src/templates/ours.js';
import {answers} from '../phases/facts.js';
import {bare, footprintOf, givenAway, noTraces, removalOf, standbyManifest} from './footprints.js';

const choices = {restoreChannel: false, keepUser: false, alsoHardening: false};

describe('what stays, and what is left to a person', () => {
  it('names packages, the disabled account and the deploy keys', () => {
    const {stays, byHand} = staysOf(removalOf({choices}), []);
    expect(stays.join('\n')).toMatch(/packages.*ufw/);
    expect(stays.join('\n')).toContain('irc account "backup" stays disabled');
    expect(byHand).toEqual([expect.stringContaining('failover-wizard default standby')]);
  });
  it('says nothing where nothing of ours was', () => {
    const nothing = removalOf({
      choices,
      standby: {footprint: bare('standby'), manifest: standbyManifest},
      primary: {
        footprint: bare('primary'),
        traces: noTraces,
        facts: {...givenAway(), accounts: {known: true, accounts: []}},
      },
    });
    expect(staysOf(nothing, [])).toEqual({stays: [], byHand: []});
  });
  it('names the hardening where it is, and how it goes', () => {
    const paths = hardeningFiles.map((path) => ({path, kind: 'file' as const, ours: true}));
    const standby = {footprint: footprintOf('standby', {paths}), manifest: standbyManifest};
    expect(staysOf(removalOf({standby}), []).stays.join('\n')).toContain('--also-hardening');
    const also = {...choices, alsoHardening: true};
    const busy = footprintOf('standby', {
      paths,
      firewall: {active: true, rules: [['allow', '22/tcp']], others: 2},
    });
    expect(staysOf(removalOf({standby, choices: also}), []).stays.join('\n')).not.toContain(
      '--also-hardening',
    );
    expect(
      staysOf(removalOf({standby: {footprint: busy, manifest: standbyManifest}, choices: also}), []).stays,
    ).toContain('standby: the firewall, which has 2 rules of others');
  });
  it.each([
    ['192.0.2.9', 1],
    ['100.64.0.11', 0],
  ])('the line on a source of secrets at %s is for its owner to remove: %i', (address, count) => {
    const pair = pairSchema.parse({...answers, secretsSync: {host: `ops@${address}`, allow: ['a.env']}});
    const {byHand} = staysOf(removalOf({pair}), []);
    expect(byHand.filter((line) => line.includes('authorized_keys'))).toHaveLength(count);
  });
  it('names a host that is left out, and what only looks like ours', () => {
    const footprint = footprintOf('standby', {users: [{user: 'openclaw', uid: 1001, home: '/srv/openclaw'}]});
    const {stays, byHand} = staysOf(removalOf({standby: {footprint, manifest: standbyManifest}}), [
      'primary',
    ]);
    expect(byHand).toContain('the primary is left out: what is on it stays there');
    expect(stays.join('\n')).toContain('user openclaw: its home is /srv/openclaw');
  });
});
