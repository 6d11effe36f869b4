import {Box, useInput, useStdout, useWindowSize} from 'ink';
import {useMemo, useState, useSyncExternalStore} from 'react';
import type {Answer, Question} from '../../plan/events.js';
import {Choice, type Option} from '../choice.js';
import {clipboardSequence} from '../clipboard.js';
import {count} from '../format.js';
import {Frame} from '../frame.js';
import {actionFor, type Action} from '../keys.js';
import {Lines} from '../lines.js';
import {Page} from '../page.js';
import {splitBadge} from '../split-words.js';
import {enlarge, isTooSmall} from '../size.js';
import {mainScreen} from './layout.js';
import {firstLine, pageLines, type PageName} from './pages.js';
import type {SetupStore} from './store.js';
import type {SetupView} from './view.js';

export type Next = 'watch' | 'quit';

interface AppProps {
  readonly store: SetupStore;
  /** What the operator chose at the end. */
  readonly onLeave: (next: Next) => void;
}

const pageOf: Partial<Record<Action, PageName>> = {plan: 'plan', log: 'log', split: 'split', help: 'help'};

function answersTo(question: Question): Option<Answer>[] {
  if (question.type === 'review') {
    const amount = question.changes.length;
    return [
      {label: amount === 1 ? 'Apply this change' : `Apply these ${count(amount, 'change')}`, value: 'apply'},
      {label: 'Skip this phase', value: 'skip'},
      {label: 'Quit; what is done stays', value: 'quit'},
    ];
  }
  return [
    {label: 'Try it again', value: 'retry'},
    {label: 'Skip this phase', value: 'skip'},
    {label: 'Quit; what is done stays', value: 'quit'},
  ];
}

const endings: readonly Option<Next>[] = [
  {label: 'Open the live view', value: 'watch'},
  {label: 'Quit', value: 'quit'},
];

/** The setup screen: the main view, or a page over it. */
export function SetupApp({store, onLeave}: AppProps) {
  const view = useSyncExternalStore(store.subscribe, store.view);
  const size = useWindowSize();
  const [page, setPage] = useState<PageName>();
  // Kept here, because a page over the screen takes the list away and brings it back.
  const [cursor, setCursor] = useState<Cursor>();
  const onAction = (action: Action) => {
    const wanted = pageOf[action];
    if (action === 'interrupt') {
      if (view.summary) onLeave('quit');
      else store.interrupt();
    } else if (action === 'back') setPage(undefined);
    else if (wanted !== undefined) setPage(wanted === page ? undefined : wanted);
  };
  if (isTooSmall(size)) return <TooSmall onAction={onAction} />;
  if (page !== undefined) return <OpenPage key={page} view={view} page={page} onAction={onAction} />;
  return (
    <Main
      view={view}
      store={store}
      cursor={cursor}
      onMove={setCursor}
      onAction={onAction}
      onLeave={onLeave}
    />
  );
}

/** The option that was moved to, and in which list. */
interface Cursor {
  list: string;
  index: number;
}

function TooSmall({onAction}: {readonly onAction: (action: Action) => void}) {
  const size = useWindowSize();
  useInput((input, key) => {
    if (actionFor(['setup'], input, key) === 'interrupt') onAction('interrupt');
  });
  return (
    <Frame bottom={[]}>
      <Lines lines={[enlarge(size)]} />
    </Frame>
  );
}

function OpenPage({
  view,
  page,
  onAction,
}: {
  readonly view: SetupView;
  readonly page: PageName;
  readonly onAction: (action: Action) => void;
}) {
  const {columns} = useWindowSize();
  const {log, logDropped, phases, split, findings, facts, targets, version} = view;
  // The clock ticks once a second and pages do not show it; a log of thousands of lines is wrapped only when it grows.
  const lines = useMemo(
    () => pageLines({log, logDropped, phases, split, findings, facts, targets, version}, page, columns - 2),
    [log, logDropped, phases, split, findings, facts, targets, version, page, columns],
  );
  return (
    <Page
      title={page}
      over="setup"
      badge={splitBadge(split)}
      lines={lines}
      from={page === 'log' ? 'end' : firstLine(view, page, lines)}
      onAction={onAction}
    />
  );
}

function Main({
  view,
  store,
  cursor,
  onMove,
  onAction,
  onLeave,
}: AppProps & {
  readonly view: SetupView;
  readonly cursor: Cursor | undefined;
  readonly onMove: (cursor: Cursor) => void;
  readonly onAction: (action: Action) => void;
}) {
  const size = useWindowSize();
  const {stdout} = useStdout();
  const [copied, setCopied] = useState<string>();
  const {question, waiting, summary} = view;
  const awaited = question === undefined ? waiting[0] : undefined;
  useInput((input, key) => {
    const action = actionFor(['setup'], input, key);
    if (action === undefined) return;
    if (action === 'copy' && awaited) {
      stdout.write(clipboardSequence(awaited.show));
      setCopied(awaited.id);
      return;
    }
    onAction(action);
  });
  const options = question ? answersTo(question) : [];
  const list = question ? `${question.type}:${question.phase}` : 'end';
  const moves = {
    start: cursor?.list === list ? cursor.index : 0,
    onMove: (index: number) => onMove({list, index}),
  };
  const choiceRows = summary ? endings.length : options.length;
  const screen = mainScreen(view, size, choiceRows, {copied: awaited !== undefined && copied === awaited.id});
  return (
    <Frame bottom={[...screen.status, screen.footer]}>
      <Lines lines={screen.body} />
      <Box flexShrink={0}>
        {summary && <Choice {...moves} options={endings} onChoose={onLeave} />}
        {question && (
          <Choice
            key={list}
            {...moves}
            options={options}
            onChoose={(answer) => {
              // The same question may come again.
              onMove({list, index: 0});
              store.answer(answer);
            }}
          />
        )}
      </Box>
    </Frame>
  );
}
