import {afterEach, describe, expect, it} from 'vitest';
import type {DrillReport} from '../../../src/drill/report.js';
import {madeReport} from '../../drill/made-report.js';
import {FakeMachine} from './fake-machine.js';

let machine: FakeMachine;
afterEach(() => machine.gone());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000 - 60_000).toISOString();
async function after(days: number, result: DrillReport['verdict']['result'], more?: Partial<DrillReport>) {
  const report = madeReport(daysAgo(days), result, more);
  await machine.write(`.local/state/failover-wizard/home/drills/${report.id}.json`, JSON.stringify(report));
}

describe('drill remind', () => {
  it('says nothing while no drill is due', async () => {
    machine = await FakeMachine.with('notify-send');
    await after(3, 'passed');
    expect(await machine.drill(['remind'])).toEqual({code: 0, stdout: '', stderr: ''});
    expect(await machine.asked()).toEqual([]);
    const {stdout} = await machine.drill(['remind', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({pair: 'home', remind: false, due: false, notified: false});
  });

  it('says that one is due, here and on the desktop', async () => {
    machine = await FakeMachine.with('notify-send');
    await after(32, 'remarks');
    const {code, stdout, stderr} = await machine.drill(['remind', '--pair', 'home']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toMatch(
      /^Failover drill of home: The drill is overdue by 2 d; the last one passed 32 d ago, on \d{4}-\d\d-\d\d\.\nRun it: failover-wizard drill --pair home\n$/,
    );
    expect(await machine.asked()).toEqual([
      'notify <--app-name=failover-wizard>',
      'notify <-->',
      'notify <Failover drill of home>',
      expect.stringMatching(/^notify <The drill is overdue by 2 d; /),
    ]);
  });

  it('has words of a report that are no markup', async () => {
    machine = await FakeMachine.with('notify-send');
    const {verdict} = madeReport(daysAgo(1), 'failed');
    await after(1, 'failed', {verdict: {...verdict, say: '<b>$(reboot)</b> & "more".'}});
    await machine.drill(['remind']);
    expect((await machine.asked()).at(-1)).toContain('("&lt;b&gt;$(reboot)&lt;/b&gt; &amp; "more"")');
  });

  it('needs no desktop', async () => {
    machine = await FakeMachine.with();
    const {code, stdout} = await machine.drill([
      'remind',
      '--json',
      '--ahead',
      '15',
      '--window',
      'sunday 3:00-5:00',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      remind: true,
      due: true,
      passedAt: null,
      newest: null,
      notified: false,
      windowAt: expect.stringMatching(/T03:00:00\.000Z$/) as string,
    });
  });
});
