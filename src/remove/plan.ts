import type {RemovalChange} from '../plan/kinds/index.js';
import type {RemovalInput} from './input.js';
import {channel, offPrimary} from './off-primary.js';
import {offStandby, silence} from './off-standby.js';

export type StepId = 'silence' | 'channel' | 'standby' | 'primary';

/** One part of a removal, in the order in which it is done. */
export interface Step {
  id: StepId;
  title: string;
  changes: RemovalChange[];
}

/**
 * Everything of ours that is there, in the order in which it may go: first whatever could start the standby's gateway;
 * then, with its login gone, the primary's account; last on each host the folder with the manifest. Pure; an empty plan
 * means that nothing of ours is left.
 */
export function planRemoval(input: RemovalInput): Step[] {
  const steps: Step[] = [
    {id: 'silence', title: 'The standby falls silent', changes: [...silence(input)]},
    {id: 'channel', title: 'The primary has its channel again', changes: [...channel(input)]},
    {id: 'standby', title: 'Off the standby', changes: [...offStandby(input)]},
    {id: 'primary', title: 'Off the primary', changes: [...offPrimary(input)]},
  ];
  return steps.filter(({changes}) => changes.length > 0);
}
