// Loaded before failover-wizard itself when it works on the pair of a rehearsal: the one thing that is different then.
import {mapNetwork} from '../net/map-network.js';
import type {Network} from '../net/table.js';

mapNetwork(JSON.parse(process.env['FAILOVER_REHEARSAL_NETWORK'] ?? '{}') as Network);
