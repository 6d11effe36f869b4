// The monthly failover test on real hosts, with waits that are shorter than those of a real pair.

import {short} from './drill/bench.js';
import {interrupted, killed, undoesItself} from './drill/cut-off.js';
import {neverReadyStandby, paused, primaryStaysDown} from './drill/failing.js';
import {drillOf} from './drill/faults.js';
import {atATerminal} from './drill/screens.js';
import {describeDrills} from './drill/suite.js';
import {chosen} from './faults/lanes.js';

/** s; the least that the checklist allows with these settings. */
const revertAfterS = 140;

describeDrills(
  chosen([
    // What is measured is in one lane, beside what mostly waits: a third pair would be too much for two cores.
    [
      atATerminal,
      drillOf('kill', short),
      drillOf('partition', short),
      drillOf('reboot', short),
      interrupted,
      killed('verdict', '--revert'),
      killed('connected', '--finish'),
      killed('undone', '--finish'),
      killed('arming', '--revert'),
    ],
    [paused, primaryStaysDown, undoesItself('fault', revertAfterS), neverReadyStandby(15_000)],
  ]),
  short,
);
