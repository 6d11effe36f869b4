import type {SetupPort, SetupSummary} from '../plan/events.js';
import type {SetupInput} from '../plan/setup.js';
import type {HostName} from '../ssh/host.js';
import {claimInterrupts, errorsAreTold} from './exit.js';
import type {Mode} from './terminal.js';

export interface EngineEnd {
  summary: SetupSummary;
  next: 'watch' | 'quit';
}

/** What drawing needs to know about a run. */
type Drawn = Pick<SetupInput, 'pair' | 'version' | 'dryRun'>;

/**
 * Runs the engine behind the screen, plain lines or JSON lines. Ctrl+C belongs to them meanwhile.
 * @throws what the engine throws
 */
export async function runEngine(
  input: Drawn,
  mode: Mode,
  engine: (port: SetupPort) => Promise<SetupSummary>,
): Promise<EngineEnd> {
  const release = claimInterrupts();
  const targets: Record<HostName, string> = {
    primary: input.pair.primary.ssh,
    standby: input.pair.standby.ssh,
  };
  try {
    if (input.dryRun && mode.output !== 'json')
      return {summary: await showPlan(targets, engine), next: 'quit'};
    if (mode.output === 'screen') return await onScreen(input, mode, targets, engine);
    return {summary: await inLines(mode, targets, engine), next: 'quit'};
  } finally {
    release();
  }
}

async function onScreen(
  {pair, version}: Drawn,
  {yes}: Mode,
  targets: Record<HostName, string>,
  engine: (port: SetupPort) => Promise<SetupSummary>,
): Promise<EngineEnd> {
  const {setupScreen} = await import('../screens/setup/screen.js');
  const screen = setupScreen({pair: pair.name, version, yes, targets});
  const {summary, error, next} = await screen.run(() => engine(screen.port));
  if (error !== undefined || !summary) throw error;
  return {summary, next};
}

async function inLines(
  {output, yes, ask}: Mode,
  targets: Record<HostName, string>,
  engine: (port: SetupPort) => Promise<SetupSummary>,
): Promise<SetupSummary> {
  const port =
    output === 'json'
      ? (await import('../screens/plain/json.js')).jsonPort(process.stdout)
      : (await import('../screens/plain/plain.js')).plainPort(process.stderr, {
          yes: yes || !ask,
          result: process.stdout,
          targets,
        });
  const {emit} = port;
  port.emit = (event) => {
    if (event.type === 'error') errorsAreTold();
    emit(event);
  };
  try {
    return await engine(port);
  } finally {
    port.close();
  }
}

/** The plan of all six phases on stdout; what was found and what stands against it on stderr. */
async function showPlan(
  targets: Record<HostName, string>,
  engine: (port: SetupPort) => Promise<SetupSummary>,
): Promise<SetupSummary> {
  const [{plainPort}, {planLines}, {mayColour, paint}, {phases}] = await Promise.all([
    import('../screens/plain/plain.js'),
    import('../screens/plan-text.js'),
    import('../screens/theme.js'),
    import('../phases/index.js'),
  ]);
  const told = plainPort(process.stderr, {yes: true, result: process.stderr, targets});
  const planned: Parameters<typeof planLines>[0][number][] = [];
  const port: SetupPort = {
    stop: told.stop,
    force: told.force,
    decide: (question) => told.decide(question),
    emit: (event) => {
      if (event.type === 'phase' && event.status === 'planning') {
        const phase = phases.find(({id}) => id === event.phase);
        if (phase) planned.push({number: phase.number, title: phase.title, changes: event.changes ?? []});
      } else if (event.type !== 'done') {
        told.emit(event);
      }
    },
  };
  const print = () => {
    const colour = mayColour(process.stdout);
    for (const line of planLines(planned, targets)) process.stdout.write(`${paint(line, colour)}\n`);
  };
  try {
    return await engine(port);
  } finally {
    // A conflict is thrown after the plan is known: show what would have been done all the same.
    if (planned.length > 0) print();
    told.close();
  }
}
