import {useWindowSize, type Key} from 'ink';
import {actionFor, type Action} from '../../keys.js';
import {filtered} from '../view/filter.js';
import {watchLayout, type WholeView} from '../view/layout.js';
import {pressed} from '../view/press.js';
import type {ViewState} from '../view/state.js';
import {anchorIndex, entryText} from '../view/timeline.js';
import {copiedNote} from '../../clipboard.js';
import {Screen} from './screen.js';
import {useCopy} from './use-copy.js';
import {useFilter} from './use-filter.js';

interface LiveViewProps {
  readonly view: WholeView;
  readonly onChange: (state: ViewState) => void;
  readonly onNote: (text: string) => void;
  /** Every key that is not for the view itself. */
  readonly onAction: (action: Action) => void;
}

/** The two panes, the bar, and the timeline or the stages. */
export function LiveView({view, onChange, onNote, onAction}: LiveViewProps) {
  const size = useWindowSize();
  const copy = useCopy();
  const {body, bottom, room, accountRows} = watchLayout(view, size);
  const {sample: _sample, timeline: _timeline, ...state} = view;
  const copyLine = () => {
    const entries = filtered(view.timeline, view);
    const entry = entries[anchorIndex(entries, view.timeline, view.anchor) ?? entries.length - 1];
    if (entry === undefined) return onNote('There is no line to copy.');
    copy(entryText(entry));
    onNote(copiedNote);
  };
  const onKey = (input: string, key: Key) => {
    const action = actionFor(['live'], input, key);
    if (action === undefined) return;
    if (action === 'copy') return copyLine();
    const next = pressed(view, action, {room, accountRows});
    if (next === undefined) onAction(action);
    else onChange(next);
  };
  useFilter<ViewState>(state, {onChange, onAction, onKey});
  return <Screen body={body} bottom={bottom} />;
}
