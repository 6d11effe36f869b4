// The monthly failover test on real hosts, with waits that are shorter than those of a real pair.

import {killed, interrupted, undoesItself} from './drill/cut-off.js';
import {short} from './drill/bench.js';
import {neverReadyStandby, paused, primaryStaysDown} from './drill/failing.js';
import {drillOf} from './drill/faults.js';
import {atATerminal} from './drill/screens.js';
import {describeDrills} from './drill/suite.js';
import {chosen} from './faults/lanes.js';

/** s; the least that the checklist allows with these settings. */
const revertAfterS = 140;

describeDrills(
  chosen([
    [
      atATerminal,
      drillOf('hang', short),
      killed('connected', '--finish'),
      neverReadyStandby(15_000),
      killed('undone', '--finish'),
    ],
    [primaryStaysDown, drillOf('partition', short), drillOf('kill', short)],
    [
      paused,
      drillOf('reboot', short),
      interrupted,
      killed('arming', '--revert'),
      killed('verdict', '--revert'),
      undoesItself('fault', revertAfterS),
    ],
  ]),
  short,
);
