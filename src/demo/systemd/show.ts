import type {Manager} from './manager.js';
import {stampText} from './span.js';
import type {Moment, Unit} from './unit.js';

const dependencies = ['Requires', 'Wants', 'BindsTo', 'PartOf', 'Before', 'After'] as const;

/** Everything that is told of a unit, in the order in which systemd prints it. */
export function propertiesOf(manager: Manager, unit: Unit): Record<string, string> {
  const {source} = unit;
  const moments: [string, Moment][] = [
    ['StateChangeTimestamp', unit.changed],
    ['InactiveExitTimestamp', unit.left],
    ['ActiveEnterTimestamp', unit.entered],
    ['ActiveExitTimestamp', unit.exited],
    ['InactiveEnterTimestamp', unit.ended],
  ];
  return {
    ...(source.load === 'not-found' ? bare(unit.id) : unit.properties()),
    Id: unit.id,
    Names: source.names.join(' '),
    ...Object.fromEntries(dependencies.map((key) => [key, source.text.names('Unit', key).join(' ')])),
    ...(source.load === 'loaded' && triggers(manager, unit)),
    Description: unit.description,
    LoadState: source.load,
    ActiveState: unit.active,
    FreezerState: 'running',
    SubState: unit.sub,
    ...(source.path !== '' && {FragmentPath: source.path}),
    ...(source.load !== 'not-found' && {UnitFileState: manager.files.stateOf(source) ?? ''}),
    ...Object.fromEntries(
      moments.flatMap(([name, {ms, us}]) => [
        [name, ms === 0 ? '' : stampText(ms)],
        [`${name}Monotonic`, String(us)],
      ]),
    ),
    NeedDaemonReload: manager.needsReload(unit) ? 'yes' : 'no',
    Transient: source.transient ? 'yes' : 'no',
    ...(source.load === 'not-found' && {
      LoadError: `org.freedesktop.systemd1.NoSuchUnit "Unit ${unit.id} not found."`,
    }),
    CollectMode: source.text.last('Unit', 'CollectMode') ?? 'inactive',
    InvocationID: unit.isDown ? '' : unit.invocation,
  };
}

/** What is said of a unit that there is none of. */
const bare = (id: string): Record<string, string> =>
  id.endsWith('.service')
    ? {Type: '', Restart: 'no', MainPID: '0', Result: 'success', NRestarts: '0', ExecMainStatus: '0'}
    : id.endsWith('.timer')
      ? {NextElapseUSecRealtime: '', NextElapseUSecMonotonic: '', Result: 'success'}
      : {};

function triggers(manager: Manager, unit: Unit): Record<string, string> {
  const by = manager
    .all()
    .filter((one) => /\.(?:timer|path)$/.test(one.id) && one.properties()['Unit'] === unit.id)
    .map(({id}) => id);
  return by.length > 0 ? {TriggeredBy: by.join(' ')} : {};
}

/** Times as `--timestamp=unix` has them. */
export function asUnix(properties: Record<string, string>): Record<string, string> {
  const made = {...properties};
  for (const [name, value] of Object.entries(made)) {
    if (!/^\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(value)) continue;
    made[name] = `@${Math.floor(Date.parse(value.slice(4).replace(' UTC', 'Z').replace(' ', 'T')) / 1000)}`;
  }
  return made;
}
