import {useInput, usePaste, useWindowSize} from 'ink';
import {useEffect, useSyncExternalStore} from 'react';
import {actionFor} from '../../keys.js';
import type {WatchSample} from '../model/sample.js';
import {actLayout, nextCommand} from '../view/act.js';
import {pasted, typedInto} from '../view/typing.js';
import type {ActStore} from './act-store.js';
import {copiedNote} from '../../clipboard.js';
import {Screen} from './screen.js';
import {useCopy} from './use-copy.js';

interface ActPageProps {
  readonly store: ActStore;
  readonly sample: WatchSample;
  readonly note: string | undefined;
  readonly onNote: (text: string) => void;
  readonly onClose: () => void;
}

/** An act of the operator, under the two hosts that live on. */
export function ActPage({store, sample, note, onNote, onClose}: ActPageProps) {
  const size = useWindowSize();
  const copy = useCopy();
  const view = useSyncExternalStore(store.subscribe, store.view);
  useEffect(() => store.close, [store]);
  const {body, bottom} = actLayout(view, {sample, nowMs: sample.atMs, note}, size);
  usePaste((text) => {
    if (store.text !== undefined) store.type(store.text + pasted(text));
  });
  useInput((input, key) => {
    const writes = store.text === undefined ? undefined : typedInto(store.text, input, key);
    if (writes !== undefined) return store.type(writes);
    const action = actionFor(['act'], input, key);
    if (action === 'enter' && store.enter()) onClose();
    if ((action === 'back' || action === 'interrupt') && store.leave()) onClose();
    const command = nextCommand(view.end);
    if (action === 'copy' && command !== undefined) {
      copy(command);
      onNote(copiedNote);
    }
  });
  return <Screen body={body} bottom={bottom} />;
}
