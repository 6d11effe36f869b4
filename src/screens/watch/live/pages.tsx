import {useWindowSize} from 'ink';
import {memo, useEffect, useMemo, useState} from 'react';
import {clock} from '../../format.js';
import type {Action} from '../../keys.js';
import {dim, wrapLine, type Line} from '../../line.js';
import {Page} from '../../page.js';
import {splitPage} from '../../split-words.js';
import type {Snapshot} from '../model/store.js';
import {drillPage} from '../view/drill.js';
import {failureLines} from '../view/failure.js';
import {helpPage} from '../view/help.js';
import {verdictBadge} from '../view/title.js';
import {isSameLine} from './screen.js';
import type {WatchPorts} from './source.js';

export type PageName = 'split' | 'help' | 'drill' | 'plan';

interface PagesProps {
  readonly page: PageName;
  readonly shown: Snapshot;
  readonly ports: WatchPorts;
  readonly onAction: (action: Action) => void;
}

const noDrill = [
  'A drill tests the whole way: it takes the primary down for real, sees the bot of the standby, and puts everything back.',
  '  failover-wizard drill',
];

type PageProps = Parameters<typeof Page>[0];

const isSame = (a: readonly Line[], b: readonly Line[]) =>
  a.length === b.length && a.every((line, index) => isSameLine(line, b[index]!));

/**
 * A page that is left alone while it says the same: the view behind it ticks once a second. `onAction` of an earlier
 * tick does the same as that of the newest.
 */
const StillPage = memo(
  function StillPage(props: PageProps) {
    return <Page {...props} />;
  },
  (before, after) =>
    before.title === after.title &&
    isSameLine(before.badge, after.badge) &&
    isSame(before.lines, after.lines),
);

/** A page over the live view; the verdict stays in sight. */
export function OpenPage({page, shown, ports, onAction}: PagesProps) {
  const {columns} = useWindowSize();
  const inner = columns - 2;
  const badge = verdictBadge(shown.sample);
  const over = {over: 'live-page', badge, onAction} as const;
  if (page === 'plan') return <PlanPage {...over} plan={ports.plan} nowMs={shown.sample.atMs} />;
  const lines =
    page === 'split'
      ? splitPage(shown.sample.split)
      : page === 'help'
        ? helpPage(inner)
        : drillPage(shown.sample, shown.timeline, {how: howOf(ports.drill), columns: inner});
  const wrapped = lines.flatMap((line) => wrapLine(line, inner, 2));
  return <StillPage {...over} title={titles[page]} lines={wrapped} />;
}

const howOf = (drill: WatchPorts['drill']) => (typeof drill === 'function' ? drill() : (drill ?? noDrill));

const titles: Readonly<Record<PageName, string>> = {
  split: 'split',
  help: 'help',
  drill: 'drill',
  plan: 'check: what differs today',
};

type Told = {lines: readonly Line[]} | {error: unknown} | undefined;

function PlanPage({
  plan,
  nowMs,
  ...page
}: {
  readonly over: 'live-page';
  readonly badge: Line;
  readonly onAction: (action: Action) => void;
  readonly plan: WatchPorts['plan'];
  readonly nowMs: number;
}) {
  const {columns} = useWindowSize();
  const [told, setTold] = useState<Told>();
  const [sinceMs] = useState(nowMs);
  useEffect(() => {
    const leaving = new AbortController();
    const tell = async () => {
      const next = await planned(plan, leaving.signal);
      if (!leaving.signal.aborted) setTold(next);
    };
    void tell();
    return () => leaving.abort();
  }, [plan]);
  // A plan of a hundred changes is wrapped once, not every second.
  const lines = useMemo(() => (told === undefined ? [] : toldLines(told, columns - 2)), [told, columns]);
  const shown = told === undefined ? [[dim(`reading both hosts … ${clock(nowMs - sinceMs)}`)]] : lines;
  return <StillPage {...page} title={titles.plan} lines={shown} />;
}

function toldLines(told: NonNullable<Told>, columns: number): readonly Line[] {
  if ('error' in told) return failureLines(told.error, columns);
  return told.lines.flatMap((line) => wrapLine(line, columns, 5));
}

async function planned(plan: WatchPorts['plan'], signal: AbortSignal): Promise<Told> {
  if (plan === undefined) return {error: 'What differs cannot be read here.'};
  try {
    return {lines: await plan(signal)};
  } catch (error) {
    return {error};
  }
}
