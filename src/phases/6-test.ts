import {failoverProof} from './proofs.js';
import type {Phase} from './phase.js';
import {monitorSettingsOf} from './template-input.js';

export const test: Phase = {
  id: 'test',
  number: 6,
  title: 'Test',
  *plan(input) {
    const settings = monitorSettingsOf(input);
    // By which way the primary is asked, and who shows that the standby is online, changes nothing that the test shows,
    // and an address may change by itself.
    yield* failoverProof(input, settings && {...settings, witnesses: [], interrogation: undefined});
  },
};
