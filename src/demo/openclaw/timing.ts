/**
 * How long things take, ms. A real gateway needs 6 to 10 s until its port answers, and 10 s to its channel; a
 * rehearsal keeps the order of things and not their length.
 */
export const timing = {
  /** From the start of the process to its port, which refuses until then. */
  untilListening: 700,
  /** From then until it is started. */
  untilStarted: 800,
  /** Between two looks at the files of the config. */
  configLook: 250,
  /** A turn of the agent: the first one after a start, and the others. */
  firstTurn: 1_200,
  turn: 400,
  /** A turn that was asked to take its time (`take 20 s`) takes at most this long. */
  longestTurn: 300_000,
  /** For which a gateway that is stopped waits for turns that go on. */
  drain: 315_000,
  /** Between two tries to connect an account, the last one from then on. */
  reconnect: [500, 1_000, 2_000, 5_000],
  /** For the login of an account. */
  login: 10_000,
  /** Of silence after which a chat server is asked whether it is there, and after which it is not. */
  quiet: {asked: 15_000, gone: 30_000},
  /** For a goodbye to a chat server. */
  leave: 1_000,
} as const;
