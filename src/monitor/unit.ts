import {execFile} from 'node:child_process';
import type {UnitView} from './evidence.js';

const properties = ['LoadState', 'ActiveState', 'SubState', 'Result', 'ExecMainStatus'];

/** What systemd says of a unit; needs no privileges. Never throws: what cannot be asked is `unknown`. */
export function readUnit(unit: string, timeoutMs = 3000): Promise<UnitView> {
  return new Promise((resolve) => {
    execFile(
      'systemctl',
      ['show', unit, '--no-pager', ...properties.map((name) => `--property=${name}`)],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 16_384,
        env: {LC_ALL: 'C', PATH: process.env['PATH']},
      },
      (error, stdout) =>
        resolve(
          error ? {state: 'unknown', result: 'systemctl does not answer', exitCode: 0} : parseUnit(stdout),
        ),
    );
  });
}

const states: Record<string, UnitView['state']> = {
  active: 'running',
  reloading: 'running',
  activating: 'starting',
  deactivating: 'stopping',
  inactive: 'stopped',
  failed: 'failed',
};

/** `systemctl show` → view. */
export function parseUnit(text: string): UnitView {
  const value = (name: string) => new RegExp(`^${name}=([\\w-]*)$`, 'm').exec(text)?.[1] ?? '';
  if (value('LoadState') === 'not-found') return {state: 'stopped', result: 'not installed', exitCode: 0};
  const state = Object.hasOwn(states, value('ActiveState')) ? states[value('ActiveState')] : undefined;
  return {
    state: state ?? 'unknown',
    result: value('Result') || 'unknown',
    exitCode: Number(value('ExecMainStatus')) || 0,
  };
}
