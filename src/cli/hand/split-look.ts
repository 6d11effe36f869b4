import type {Split} from '../../channels/types.js';
import type {SplitLook} from '../../monitor/hand/look.js';
import {clean} from '../../screens/clip.js';
import {splitSentences} from '../../screens/split-words.js';

/** The split of both hosts as whoever moves a bot must know it. Pure. */
export function splitLook(split: Split): SplitLook {
  switch (split.state) {
    case 'disjoint':
      return {state: 'disjoint'};
    case 'conflict':
      return {state: 'conflict', sentence: splitSentences(split).join(' ')};
    case 'unknown': {
      const reasons = split.reasons.map(({host, reason}) => `${host}: ${clean(reason).replace(/\.$/, '')}`);
      return {
        state: 'unknown',
        sentence: `The split could not be checked on both hosts (${reasons.join('; ')}). What the standby may log in is what setup approved.`,
      };
    }
  }
}
