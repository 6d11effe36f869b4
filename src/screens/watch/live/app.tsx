import {useInput, useWindowSize} from 'ink';
import {useState, useSyncExternalStore} from 'react';
import type {ActName} from '../../../monitor/hand/act.js';
import {actionFor, type Action} from '../../keys.js';
import {enlarge, isTooSmall} from '../../size.js';
import {emptyView} from '../view/state.js';
import {verdictBadge} from '../view/title.js';
import {ActPage} from './act-page.js';
import {ActStore} from './act-store.js';
import {LiveView} from './live-view.js';
import {LogPage} from './log-page.js';
import {OpenPage, type PageName} from './pages.js';
import {Screen} from './screen.js';
import type {WatchPorts, WatchSource} from './source.js';
import {useNote} from './use-note.js';

export interface WatchAppProps extends WatchPorts {
  readonly source: WatchSource;
  /** q and Ctrl+C. */
  readonly onLeave: () => void;
  /** Esc where there is nothing else to leave: from one of several pairs back to the list. */
  readonly onBack?: (() => void) | undefined;
}

const pageOf: Partial<Record<Action, PageName | 'log'>> = {
  split: 'split',
  help: 'help',
  drill: 'drill',
  plan: 'plan',
  log: 'log',
};

/** The live view of a pair, or a page over it. */
export function WatchApp({source, onLeave, onBack, ...ports}: WatchAppProps) {
  const shown = useSyncExternalStore(source.subscribe, source.snapshot);
  const size = useWindowSize();
  const [view, setView] = useState(emptyView);
  const [page, setPage] = useState<PageName | 'log'>();
  const [act, setAct] = useState<ActStore>();
  const [note, setNote] = useNote();
  const {sample} = shown;

  const begin = (name: ActName) => {
    if (ports.act === undefined) return setNote('Nothing can be asked of the pair here.');
    setAct(new ActStore(name, {pair: sample.pair, port: ports.act}));
  };
  const onAction = (action: Action) => {
    const wanted = pageOf[action];
    if (action === 'quit' || action === 'interrupt') onLeave();
    else if (action === 'refresh') {
      source.refresh();
      setNote('Both hosts are read again.');
    } else if (action === 'pause') begin(sample.monitor.known && sample.monitor.paused ? 'resume' : 'pause');
    else if (action === 'promote' || action === 'demote') begin(action);
    else if (wanted !== undefined) setPage(wanted === page ? undefined : wanted);
    else if (action === 'back' && page !== undefined) setPage(undefined);
    else if (action === 'back') onBack?.();
  };

  // An act that goes on is not left by q, however small the terminal is.
  if (act !== undefined) {
    const close = () => setAct(undefined);
    return <ActPage store={act} sample={sample} note={note} onNote={setNote} onClose={close} />;
  }
  const small = isTooSmall(size);
  if (page === 'log') {
    const given = {journal: ports.journal, badge: verdictBadge(sample), note, onNote: setNote, onAction};
    // It goes on behind a terminal that is too small: which journal and where would be lost with it.
    return (
      <>
        {small && <TooSmall onLeave={onLeave} />}
        <LogPage {...given} hidden={small} />
      </>
    );
  }
  if (small) return <TooSmall onLeave={onLeave} />;
  if (page !== undefined) return <OpenPage page={page} shown={shown} ports={ports} onAction={onAction} />;
  const whole = {...view, ...(note !== undefined && {note}), ...shown};
  return <LiveView view={whole} onChange={setView} onNote={setNote} onAction={onAction} />;
}

function TooSmall({onLeave}: {readonly onLeave: () => void}) {
  const size = useWindowSize();
  useInput((input, key) => {
    const action = actionFor(['live'], input, key);
    if (action === 'quit' || action === 'interrupt') onLeave();
  });
  return <Screen body={[enlarge(size)]} bottom={[]} />;
}
