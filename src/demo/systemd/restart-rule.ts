import type {Exit} from './exit-status.js';
import type {ServiceResult} from './run.js';
import type {ServiceText} from './service-text.js';

/** Whether a service that ended by itself comes back: `Restart=`, as the table of systemd.service(5) has it. Pure. */
export function restartsAfter(
  {restart, preventStatus}: Pick<ServiceText, 'restart' | 'preventStatus'>,
  result: ServiceResult,
  exit: Exit | undefined,
): boolean {
  if (exit && preventStatus.has(exit)) return false;
  switch (restart) {
    case 'always':
      return true;
    case 'on-failure':
      return result !== 'success';
    case 'on-success':
      return result === 'success';
    case 'on-abnormal':
      return result !== 'success' && result !== 'exit-code';
    case 'on-abort':
      return result === 'signal';
    case 'on-watchdog':
      return result === 'watchdog';
    default:
      return false;
  }
}
