import type {Memory} from './memory.js';
import type {Ports} from './ports.js';
import {attempt} from './records.js';

/** A wish that root did not act on is written again: a path unit can miss a change while it acts on another. ms */
const wishAgainMs = 15_000;

/** Makes the role file say what the memory says, and says it again while nobody acts on it. */
export class Wishes {
  #wishedMs = -Infinity;

  /** What was wished already by the monitor before is not wished again without need. */
  known(nowMs: number): void {
    this.#wishedMs = nowMs;
  }

  /** Returns the system's word for a failure. */
  async follow(ports: Ports, {role, handled}: Memory): Promise<string | null> {
    if (role.want === 'none') return null;
    const nowMs = ports.nowMs();
    const written = await ports.role();
    const same = written?.want === role.want && written.seq === role.seq && written.kill === role.kill;
    const answered = handled?.seq === role.seq;
    if (same && (answered || nowMs - this.#wishedMs < wishAgainMs)) return null;
    this.#wishedMs = nowMs;
    return attempt(() => ports.setRole(role));
  }
}
