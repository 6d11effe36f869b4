// Part C of the matrix: what the monitor stands on, its state file, disk, clock, settings and journal.

import {layout} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import {bounds} from '../bounds.js';
import {unitFails} from '../inject/gateway.js';
import * as monitor from '../inject/monitor.js';
import {
  also,
  check,
  expectEvent,
  expectNone,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  expectStaysActive,
  gatewayStarts,
  heal,
} from '../steps.js';
import {row, s, type Row, type Step} from '../row.js';

const isQuiet = (ms: number): Step =>
  check(`nothing is said about it for ${ms / 1000} s`, async (play) => {
    await play.sleepTo(ms);
    const said = (await play.events()).filter((event) => event.ms > play.faultMs);
    if (said.length > 0) throw new Error(said.map(({event, say}) => `${event}: ${say}`).join(' '));
  });

const keptAside = check('the file is kept under another name', async ({stage}) => {
  const list = await sh(stage.standby.host, `ls ${layout.state}`);
  if (!/^state\.json\.broken-\d+$/m.test(list)) throw new Error(`there are ${list.split('\n').join(' ')}`);
});

const spoilt = (variant: string, title: string, text: string, owner?: string) =>
  row(
    `47${variant}`,
    `state file ${title}`,
    {fault: monitor.stateFileIs(text, `the state file is ${title}`, owner)},
    expectEvent('state-broken', {within: s(15), text: 'it is told'}),
    keptAside,
    expectNoPromotion({watch: s(12)}),
    check('it goes on watching', ({stage}) => stage.rest(5_000)),
  );

const takesOverWithoutDisk: Step = check(
  'takes over within 7 s all the same, and tells of the disk',
  async (play) => {
    let disk: string | null | undefined;
    await play.until('the standby is active', s(20), async () => {
      const now = await play.stage.told();
      disk ??= now?.disk;
      return now?.state === 'active';
    });
    if (!disk) throw new Error('the trouble with the disk was not told');
    play.note(`disk: ${disk}`);
  },
);

const writtenDown: Step = check('all of it is written down once the disk works again', (play) =>
  play.until('the monitor can write', s(15), async () => (await play.stage.told())?.disk === null),
);

const clockSteps = (variant: string, hours: number) =>
  row(
    `50${variant}`,
    `clock ${hours > 0 ? '+' : '−'}1 h`,
    {fault: monitor.wallClockStepped(hours * 3_600_000), preload: true},
    isQuiet(s(12)),
    also(unitFails),
    expectPromotion(bounds.unitFailed),
    heal(),
    heal(unitFails),
    expectReturn({within: s(75)}),
    expectNone('gap', 'no time is missing'),
  );

export const groundRows: readonly Row[] = [
  spoilt('a', 'cut off', '{"version": 1, "header": "Wri'),
  spoilt('b', 'garbage', '\0\u0001\u0002 not JSON \uFFFD'),
  spoilt('c', 'of a newer version', '{"version": 99, "memory": {"state": "active"}}'),
  spoilt('d', "somebody else's", '{}', 'root'),
  row(
    '47e',
    'state file garbage while active',
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    check('the state file becomes garbage', ({stage}) =>
      stage.inject(monitor.stateFileIs('garbage', 'garbage')),
    ),
    expectEvent('state-broken', {within: s(60), text: 'it is told'}),
    keptAside,
    expectStaysActive(s(10)),
    gatewayStarts(1),
  ),
  row(
    48,
    'disk full',
    {fault: monitor.diskFull, given: monitor.ownDisk},
    also(unitFails),
    takesOverWithoutDisk,
    heal(),
    writtenDown,
    expectPromotion(bounds.unitFailed),
  ),
  row(
    49,
    'disk read-only',
    {fault: monitor.diskReadOnly, given: monitor.ownDisk},
    also(unitFails),
    takesOverWithoutDisk,
    heal(),
    writtenDown,
    expectPromotion(bounds.unitFailed),
  ),
  clockSteps('a', 1),
  clockSteps('b', -1),
  row(
    52,
    'settings edited wrongly',
    {fault: monitor.settingsSpoilt},
    expectEvent('settings', {
      within: s(5),
      like: /not taken over/,
      text: 'the old ones stay, and that is told',
    }),
    also(unitFails),
    expectPromotion(bounds.unitFailed),
  ),
  row(55, 'journal dead', {fault: monitor.journalDead}, also(unitFails), expectPromotion(bounds.unitFailed)),
];
