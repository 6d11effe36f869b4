import {useInput, useWindowSize} from 'ink';
import {useState, useSyncExternalStore} from 'react';
import {actionFor} from '../../keys.js';
import {pairsLayout, type PairRow} from '../view/pairs.js';
import {WatchApp, type WatchAppProps} from './app.js';
import {Screen} from './screen.js';

export interface PairsSource {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => readonly PairRow[];
}

interface PairsAppProps {
  readonly source: PairsSource;
  /** What the live view of a pair needs; asked for each time that one is opened. */
  readonly open: (pair: string) => Omit<WatchAppProps, 'onLeave' | 'onBack'>;
  /** The list is shown again. */
  readonly onBack?: () => void;
  readonly onLeave: () => void;
}

/** Several pairs with their verdicts; Enter opens one, Esc comes back. */
export function PairsApp({source, open, onBack, onLeave}: PairsAppProps) {
  const [cursor, setCursor] = useState(0);
  const [opened, setOpened] = useState<ReturnType<PairsAppProps['open']>>();
  if (opened !== undefined) {
    const back = () => {
      setOpened(undefined);
      onBack?.();
    };
    return <WatchApp {...opened} onLeave={onLeave} onBack={back} />;
  }
  const enter = (pair: string) => setOpened(open(pair));
  return <PairList source={source} cursor={cursor} onMove={setCursor} onEnter={enter} onLeave={onLeave} />;
}

interface PairListProps {
  readonly source: PairsSource;
  readonly cursor: number;
  readonly onMove: (cursor: number) => void;
  readonly onEnter: (pair: string) => void;
  readonly onLeave: () => void;
}

/** Listens by itself, so that a pair that is open is not drawn again for the others. */
function PairList({source, cursor, onMove, onEnter, onLeave}: PairListProps) {
  const pairs = useSyncExternalStore(source.subscribe, source.snapshot);
  const size = useWindowSize();
  const {body, bottom} = pairsLayout({pairs, cursor}, size);
  useInput((input, key) => {
    const action = actionFor(['pairs'], input, key);
    const last = pairs.length - 1;
    const page = Math.max(1, size.rows - 4);
    const moves: Partial<Record<string, number>> = {
      up: cursor - 1,
      down: cursor + 1,
      pageUp: cursor - page,
      pageDown: cursor + page,
      top: 0,
      bottom: last,
    };
    const next = action === undefined ? undefined : moves[action];
    if (next !== undefined) onMove(Math.max(0, Math.min(last, next)));
    const chosen = pairs[cursor];
    // A pair whose file is broken has nothing to show.
    if (action === 'enter' && chosen?.sample !== undefined) onEnter(chosen.pair);
    if (action === 'quit' || action === 'interrupt') onLeave();
  });
  return <Screen body={body} bottom={bottom} />;
}
