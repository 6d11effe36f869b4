import {provision} from './1-provision.js';
import {install} from './2-install.js';
import {config} from './3-config.js';
import {monitor} from './4-monitor.js';
import {disable} from './5-disable.js';
import {test} from './6-test.js';
import type {Phase} from './phase.js';

/** In the order in which they run. */
export const phases: readonly Phase[] = [provision, install, config, monitor, disable, test];
