// Rows of the matrix that no host is needed for, or that are tried by other tests, so that the whole matrix is told.

export interface Elsewhere {
  id: number;
  title: string;
  expected: string;
  where: string;
}

export const simulator = 'simulator';
const setup = 'lab (setup)';
const secrets = 'unit tests, with the real scripts';

// prettier-ignore
export const elsewhere: readonly Elsewhere[] = [
  {id: 17, title: 'gateway killed for want of memory', expected: 'as rows 1 and 2', where: simulator},
  {id: 29, title: 'primary offline, and answers the standby', expected: 'does not take over; told when its gateway says that it is not ready', where: 'row 15'},
  {id: 31, title: 'latency of 1.5 s, with jitter', expected: 'does not take over; a warning once it has lasted 10 min', where: simulator},
  {id: 34, title: 'private network of the standby down', expected: 'does not take over', where: simulator},
  {id: 35, title: 'private network of the primary down', expected: 'as row 23, which is the same for the standby', where: 'row 23'},
  {id: 36, title: "another host answers at the primary's address", expected: 'nothing it says counts; told, dead after 60 s', where: simulator},
  {id: 38, title: 'both hosts reboot at once', expected: 'waits until the boot grace is over, at most one takeover', where: simulator},
  {id: 39, title: 'both down, the standby comes back first', expected: 'takes over after the boot grace', where: simulator},
  {id: 54, title: 'monitor killed for want of memory', expected: 'as row 40; it is among the last to be chosen (OOMScoreAdjust)', where: 'row 40'},
  {id: 60, title: 'pull of secrets killed half-way', expected: 'the old set is whole', where: secrets},
  {id: 61, title: 'source of secrets empty or wrong', expected: 'refused, the old set stays', where: secrets},
  {id: 66, title: 'OpenClaw of the standby older than that of the primary', expected: 'setup brings the same version', where: setup},
  {id: 72, title: 'setup is cut off or killed in any phase', expected: 'the next run goes on, the hosts keep working', where: setup},
  {id: 73, title: 'setup meets a changed key, a full disk, a lock, a wrong system', expected: 'one sentence, an exit code, nothing changed', where: setup},
  {id: 74, title: 'two setups at once', expected: 'the second names the first', where: setup},
  {id: 75, title: 'the same account on both nodes', expected: 'setup refuses', where: setup},
];
