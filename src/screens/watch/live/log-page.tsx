import {Box, useInput, useWindowSize, type Key} from 'ink';
import {useEffect, useState, useSyncExternalStore} from 'react';
import {Choice} from '../../choice.js';
import {Frame} from '../../frame.js';
import {actionFor, type Action} from '../../keys.js';
import {inset, span, spread, type Line} from '../../line.js';
import {rule} from '../../footer.js';
import {footerLine} from '../view/footer.js';
import {journals, logLayout, logRows, logTop, matching, type Journal, type LogView} from '../view/log.js';
import {isMove, moved} from '../view/window.js';
import {copiedNote} from '../../clipboard.js';
import {LogStore} from './log-store.js';
import {Screen} from './screen.js';
import {Lines} from '../../lines.js';
import type {WatchPorts} from './source.js';
import {useCopy} from './use-copy.js';
import {useFilter} from './use-filter.js';

interface LogPageProps {
  readonly journal: WatchPorts['journal'];
  /** Draws nothing and takes no key, and is otherwise as it was. */
  readonly hidden: boolean;
  readonly badge: Line;
  readonly note: string | undefined;
  readonly onNote: (text: string) => void;
  readonly onAction: (action: Action) => void;
}

interface Opened {
  title: string;
  store: LogStore;
}

/** Which journal, then its lines as they come. */
export function LogPage({journal, hidden, badge, note, onNote, onAction}: LogPageProps) {
  const [opened, setOpened] = useState<Opened>();
  const [start, setStart] = useState(0);
  if (opened === undefined) {
    const choose = (what: Journal) => {
      const title = journals.find((each) => each.what === what)?.label ?? what;
      setOpened({title, store: new LogStore((signal) => (journal ?? noJournal)(what, signal))});
    };
    if (hidden) return null;
    return <Journals badge={badge} start={start} onMove={setStart} onChoose={choose} onAction={onAction} />;
  }
  const toList = (action: Action) =>
    action === 'back' || action === 'log' ? setOpened(undefined) : onAction(action);
  return (
    <Following {...opened} hidden={hidden} badge={badge} note={note} onNote={onNote} onAction={toList} />
  );
}

function noJournal(): AsyncIterable<string> {
  throw new Error('Journals cannot be read here.');
}

interface JournalsProps {
  readonly badge: Line;
  readonly start: number;
  readonly onMove: (index: number) => void;
  readonly onChoose: (what: Journal) => void;
  readonly onAction: (action: Action) => void;
}

function Journals({badge, start, onMove, onChoose, onAction}: JournalsProps) {
  const {columns} = useWindowSize();
  const inner = columns - 2;
  useInput((input, key) => {
    const action = actionFor(['page', 'live-page'], input, key);
    if (action !== undefined && !isMove(action)) onAction(action);
  });
  const title = spread([span('logs', {bold: true})], badge, inner);
  const footer = footerLine(['page', 'live-page'], inner, {hints: ['↑↓ Enter choose', 'Enter']});
  return (
    <Frame bottom={[inset(footer)]}>
      <Lines lines={[title, rule(inner)].map(inset)} />
      <Box flexShrink={0}>
        <Choice
          options={journals.map(({what, label}) => ({label, value: what}))}
          start={start}
          onMove={onMove}
          onChoose={onChoose}
        />
      </Box>
    </Frame>
  );
}

type FollowingProps = Opened & Omit<LogPageProps, 'journal'>;

function Following({title, store, hidden, badge, note, onNote, onAction}: FollowingProps) {
  const size = useWindowSize();
  const copy = useCopy();
  useEffect(() => store.close, [store]);
  const log = useSyncExternalStore(store.subscribe, store.log);
  const [view, setView] = useState<LogView>({filter: '', typing: false});
  const {body, bottom, shown} = logLayout(log, {...view, note}, {title, badge, size});
  const scroll = (action: Action) => {
    if (!isMove(action)) return false;
    const found = matching(log, view.filter);
    const at =
      view.anchor === undefined ? undefined : found.findLastIndex(({number}) => number <= view.anchor!);
    const next = moved(action, at, {
      count: found.length,
      page: Math.min(shown, logRows(size)),
      top: logTop(found, size),
    });
    const {anchor: _before, ...rest} = view;
    const line = next === undefined ? undefined : found[next];
    setView(line === undefined ? rest : {...rest, anchor: line.number});
    return true;
  };
  const onKey = (input: string, key: Key) => {
    const action = actionFor(['page', 'live-log'], input, key);
    if (action === undefined || scroll(action)) return;
    if (action === 'filter') setView({...view, typing: true});
    else if (action === 'copy') {
      const found = matching(log, view.filter);
      const line =
        view.anchor === undefined ? found.at(-1) : found.findLast(({number}) => number <= view.anchor!);
      if (line !== undefined) copy(line.line);
      onNote(copiedNote);
    } else onAction(action);
  };
  useFilter<LogView>(view, {onChange: setView, onAction, onKey, isActive: !hidden});
  if (hidden) return null;
  return <Screen body={body} bottom={bottom} />;
}
