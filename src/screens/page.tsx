import {useInput, useWindowSize} from 'ink';
import {useState} from 'react';
import {Frame} from './frame.js';
import {actionFor, footerKeys, type Action, type Place} from './keys.js';
import {Lines} from './lines.js';
import {inset, span, spread, type Line} from './line.js';
import {keyLine, rule} from './footer.js';

/**
 * The first line to show after a key; undefined stays at the end, following what comes. `offset` undefined: at the
 * end now.
 */
export function scrolled(
  action: Action,
  offset: number | undefined,
  {total, rows}: {total: number; rows: number},
): number | undefined {
  const last = Math.max(0, total - rows);
  // A page that fits has nowhere to go, and stays at the end it began at when it grows.
  if (last === 0) return offset;
  const at = Math.min(offset ?? last, last);
  const moves: Partial<Record<Action, number>> = {
    up: at - 1,
    down: at + 1,
    pageUp: at - (rows - 1),
    pageDown: at + (rows - 1),
    top: 0,
    bottom: last,
  };
  const next = moves[action];
  if (next === undefined) return offset;
  return next >= last ? undefined : Math.max(0, next);
}

interface PageProps {
  readonly title: string;
  /** The screen under it, whose keys work here too. */
  readonly over: Place;
  /** The split badge, which stays in sight. */
  readonly badge: Line;
  readonly lines: readonly Line[];
  /** The line it opens at; `end`: begin at the end and follow it (the log). */
  readonly from?: number | 'end';
  readonly onAction: (action: Action) => void;
}

/** A page over the screen that scrolls by itself; every other key goes to `onAction`. */
export function Page({title, over, badge, lines, from: opensAt = 0, onAction}: PageProps) {
  const {columns, rows} = useWindowSize();
  const inner = columns - 2;
  const height = Math.max(1, rows - 4);
  const [offset, setOffset] = useState<number | undefined>(opensAt === 'end' ? undefined : opensAt);
  const last = Math.max(0, lines.length - height);
  const from = Math.min(offset ?? last, last);
  useInput((input, key) => {
    const action = actionFor(['page', over], input, key);
    if (action === undefined) return;
    setOffset((now) => scrolled(action, now, {total: lines.length, rows: height}));
    onAction(action);
  });
  const shown = lines.slice(from, from + height);
  const position =
    lines.length <= height ? 'all of it' : `${from + 1}–${from + shown.length} of ${lines.length}`;
  const keys = footerKeys(['page', over]);
  return (
    <Frame bottom={[inset(keyLine(keys, [`↑↓ scroll   ${position}`, position], inner))]}>
      <Lines
        lines={[
          inset(spread([span(title, {bold: true})], badge, inner)),
          inset(rule(inner)),
          ...shown.map(inset),
        ]}
      />
    </Frame>
  );
}
