import {useInput, usePaste, type Key} from 'ink';
import {actionFor, type Action} from '../../keys.js';
import {pasted, typedInto} from '../view/typing.js';

/** The part of a screen's state that a filter is typed into. */
interface Filtering {
  readonly filter: string;
  readonly typing: boolean;
}

interface FilterKeys<S extends Filtering> {
  readonly onChange: (state: S) => void;
  /** Keys that act even while one types. */
  readonly onAction: (action: Action) => void;
  /** Every key while nobody types. */
  readonly onKey: (input: string, key: Key) => void;
  /** Takes no key while false. */
  readonly isActive?: boolean;
}

/** The keys of a screen with a filter: while it is typed they write, and none of them acts. */
export function useFilter<S extends Filtering>(
  state: S,
  {onChange, onAction, onKey, isActive = true}: FilterKeys<S>,
): void {
  usePaste(
    (text) => {
      if (state.typing) onChange({...state, filter: state.filter + pasted(text)});
    },
    {isActive},
  );
  useInput(
    (input, key) => {
      if (!state.typing) return onKey(input, key);
      const action = actionFor(['typing'], input, key);
      const text = typedInto(state.filter, input, key);
      if (action === 'enter') onChange({...state, typing: false});
      else if (action === 'back') onChange({...state, typing: false, filter: ''});
      else if (action !== undefined) onAction(action);
      else if (text !== undefined) onChange({...state, filter: text});
    },
    {isActive},
  );
}
