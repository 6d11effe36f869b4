import type {PrimaryReport, ProbeResult} from '../../src/monitor/evidence.js';
import type {HttpOutcome} from '../../src/monitor/http.js';
import {judgeHealth, judgeStartup} from '../../src/monitor/probe.js';
import type {Ended} from '../../src/monitor/run-bounded.js';
import {answerOf, type Answer} from '../../src/monitor/ssh-ask.js';
import type {GatewayAnswer} from './primary.js';

/** What hosts say holds this wherever a careless one would: it must not get any further than to what reads it. */
export const plantedSecret = 'sk-planted-5d1f';

/** What reads the words of other hosts, which nobody may trust, before the monitor hears of them. */
export interface Readers {
  judgeStartup(came: HttpOutcome): Pick<ProbeResult, 'class' | 'detail'> | undefined;
  judgeHealth(came: HttpOutcome): Pick<ProbeResult, 'class' | 'detail'>;
  answerOf(ended: Ended): Answer;
}

export const realReaders: Readers = {judgeStartup, judgeHealth, answerOf};

const page = (status: number, body: string): HttpOutcome => ({kind: 'answer', status, body});

/** HTTP, for each answer of the primary's port that comes in time. */
export const outcomes: Readonly<Record<Exclude<GatewayAnswer, 'refused' | 'hung'>, HttpOutcome>> = {
  ok: page(200, '{"status":"started"}'),
  starting: page(503, '{"status":"starting"}'),
  draining: page(503, '{"status":"draining"}'),
  'http-bad': page(500, `{"error":"no login with ${plantedSecret}"}`),
  'wrong-service': page(200, `<html>Your token is ${plantedSecret}.</html>`),
  'too-long': {kind: 'too-long', status: 200},
};

const ended = (end: Partial<Ended>): Ended => ({
  code: 255,
  stdout: '',
  stderr: '',
  timedOut: false,
  tooLong: false,
  ...end,
});

/** The banner that sshd shows before anybody logs in. */
const banner = `Welcome! Ask the operator for ${plantedSecret}.`;
const to = '100.64.0.11 port 22';

/** How ssh ends, in OpenSSH's own sentences. */
export const noConnection = ended({stderr: `ssh: connect to host ${to}: Connection timed out`});
export const noBanner = ended({stderr: 'Connection timed out during banner exchange'});
export const stuck = ended({
  code: null,
  timedOut: true,
  stderr: 'debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1\r\n',
});
export const otherKey = ended({
  stderr: '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.\r\n',
});
export const keyRefused = ended({
  stderr: `${banner}\nopenclaw@100.64.0.11: Permission denied (publickey).\r\n`,
});

/** The report, and with it whatever the shell there prints when it is in the mood. */
export const printed = (report: PrimaryReport, talkative: boolean): Ended =>
  ended({
    code: 0,
    stdout: `${JSON.stringify(talkative ? {...report, OPENAI_API_KEY: plantedSecret} : report)}\n`,
    stderr: `${banner}\n`,
  });
