import {failoverProof} from './proofs.js';
import type {Phase} from './phase.js';
import {monitorSettingsOf} from './template-input.js';

export const test: Phase = {
  id: 'test',
  number: 6,
  title: 'Test',
  *plan(input) {
    const settings = monitorSettingsOf(input);
    yield* failoverProof(input, settings);
  },
};
