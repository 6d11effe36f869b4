import {age, timeOfDay} from '../../screens/format.js';
import {ok, tip, unknown, warning} from '../answer.js';
import {ofPair, type Row} from '../row.js';

/** That the whole way is tried now and then. */
export const drillRows: readonly Row[] = [
  ofPair('drill', [], 'when the failover was tested last', ({sample: {drill}, facts}) => {
    const make = 'failover-wizard drill makes one; failover-wizard drill schedule reminds of it';
    if (drill === null && facts.standby === undefined)
      return unknown("No drill is kept on this machine, and the monitor's log was not read.");
    if (drill === null) return tip('Neither a drill nor a test of setup is known of.', make);
    const name = drill.kind === 'drill' ? 'drill' : 'test';
    if (!drill.passed)
      return warning(
        `The last ${name} failed, ${age(drill.agoMs)} ago.`,
        'failover-wizard drill --last says why',
      );
    if (drill.dueInMs <= 0)
      return tip(
        `The whole failover was not tested for a month: the last ${name} that passed is ${age(drill.agoMs)} old.`,
        make,
      );
    return ok(`The last ${name} passed, ${age(drill.agoMs)} ago; the next is due in ${age(drill.dueInMs)}.`);
  }),

  ofPair('drill-left', [], 'whether a drill was left', ({drillLeft, sample: {drillUnderWay}, pair}) => {
    if (drillLeft !== null)
      return warning(
        `A drill (${drillLeft.fault}) that began at ${timeOfDay(drillLeft.beganMs)} did not come to its end.`,
        `failover-wizard drill --revert --pair ${pair.name}`,
      );
    if (drillUnderWay !== null)
      return tip(
        `A drill (${drillUnderWay.fault}) is under way.`,
        'Wait until it has ended, then check again',
      );
    return ok('No drill is under way, and none was left.');
  }),
];
