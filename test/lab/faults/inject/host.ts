// Faults of whole hosts.

import {until} from '../../host-state.js';
import {together, type Fault} from '../fault.js';
import {primaryIsolated} from './network.js';

/** A virtual machine that stands still: its kernel answers nobody either. */
export const primaryFrozen = together(
  'the primary stands still as a whole',
  {
    text: '',
    inject: ({primary}) => primary.host.freeze(),
    heal: ({primary}) => primary.host.thaw(),
  },
  primaryIsolated,
);

/** Its kernel still takes connections, and nobody ever answers them. */
export const primaryStalled: Fault = {
  text: 'every process of the primary stands still, its kernel does not',
  inject: ({primary}) => primary.host.freeze(),
  heal: ({primary}) => primary.host.thaw(),
};

export const primaryLost: Fault = {
  text: 'the primary loses its power',
  inject: ({primary}) => primary.host.kill(),
  heal: ({primary}) => primary.host.start(),
};

/** Shut down in order, as for a reboot that takes its time. */
export const primaryOff: Fault = {
  text: 'the primary is shut down',
  inject: ({primary}) => primary.host.stop(),
  heal: ({primary}) => primary.host.start(),
};

/** It gets so many percent of one core. */
export const primarySlow = (percent: number): Fault => ({
  text: `the primary gets ${percent} % of a core`,
  inject: ({primary}) => primary.host.cpu(percent),
  heal: ({primary}) => primary.host.cpu('max'),
});

export const standbyFrozen: Fault = {
  text: 'every process of the standby stands still',
  inject: ({standby}) => standby.host.freeze(),
  heal: ({standby}) => standby.host.thaw(),
};

export const standbyReboots: Fault = {
  text: 'the standby reboots',
  async inject({standby}) {
    await standby.inside.write('/run/lab/before-the-reboot', '');
    await standby.host.exec(['systemctl', 'reboot']);
    await until('the standby is back', 60_000, async () => {
      const ran = await standby.host.exec(['test', '!', '-e', '/run/lab/before-the-reboot']);
      return ran.code === 0;
    });
  },
  heal: async () => {},
};
