import type {HostFacts} from '../facts/types.js';
import type {PlanInput} from '../phases/phase.js';
import type {Host, HostName} from '../ssh/host.js';
import type {ChangeKind, ChangeOf} from './change.js';
import type {SetupEvent} from './events.js';

/** What applying a change may use. */
export interface ApplyContext {
  /** The change's own host, and both by name for changes that need the other's word. */
  host: Host;
  hosts: Readonly<Record<HostName, Host>>;
  /** The facts and decisions the change was planned from. */
  input: PlanInput;
  emit(event: SetupEvent): void;
  /** Shown as the output of the running step. */
  say(line: string): void;
  /** Aborted when the operator stops for good. */
  signal: AbortSignal;
}

/** How one kind of change is applied. Re-applying after a cut in the middle must be safe. */
export type Apply<K extends ChangeKind, Context = ApplyContext> = (
  change: ChangeOf<K>,
  context: Context,
) => Promise<void>;

/** What a step needs that is one bounded command on its own host. */
export type OneHost = Pick<ApplyContext, 'host' | 'say'>;

/** What an edit of a gateway's config needs of the facts: those of the gateway's own host. */
export type EditContext = Omit<ApplyContext, 'input'> & {
  input: Readonly<Partial<Record<HostName, HostFacts>>>;
};
