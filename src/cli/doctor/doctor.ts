import type {ExitCode} from '../../errors.js';
import type {CommonOptions} from '../options.js';
export interface DoctorOptions extends CommonOptions { connect?: boolean }
export async function doctor(_h: string|undefined, _o: DoctorOptions, _v: string): Promise<ExitCode> { return 0; }
