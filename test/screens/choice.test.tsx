import {render} from 'ink-testing-library';
import {expect, test} from 'vitest';
import {Choice} from '../../src/screens/choice.js';

const options = [
  {label: 'Apply', value: 'apply'},
  {label: 'Skip', value: 'skip'},
];
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('the first option is chosen beforehand and Enter takes it', async () => {
  const chosen: string[] = [];
  const {stdin, lastFrame, unmount} = render(
    <Choice options={options} onChoose={(value) => chosen.push(value)} />,
  );
  expect(lastFrame()).toContain('❯ Apply');
  await wait(320);
  stdin.write('\r');
  expect(chosen).toEqual(['apply']);
  unmount();
});

test('it is deaf while it appears', async () => {
  const chosen: string[] = [];
  const {stdin, unmount} = render(<Choice options={options} onChoose={(value) => chosen.push(value)} />);
  await wait(30);
  stdin.write('\r');
  stdin.write('2');
  await wait(30);
  expect(chosen).toEqual([]);
  unmount();
});

test('it moves while it appears, so that what follows is taken from where somebody moved to', async () => {
  const chosen: string[] = [];
  const moved: number[] = [];
  const {stdin, lastFrame, unmount} = render(
    <Choice
      options={options}
      onMove={(index) => moved.push(index)}
      onChoose={(value) => chosen.push(value)}
    />,
  );
  await wait(30);
  stdin.write('j');
  await wait(30);
  expect(lastFrame()).toContain('❯ Skip');
  expect(moved).toEqual([1]);
  await wait(300);
  stdin.write('\r');
  await wait(30);
  expect(chosen).toEqual(['skip']);
  unmount();
});

test('arrows move, and the number of a row takes it', async () => {
  const chosen: string[] = [];
  const {stdin, lastFrame, unmount} = render(
    <Choice options={options} onChoose={(value) => chosen.push(value)} />,
  );
  await wait(320);
  stdin.write('\u001B[B');
  await wait(30);
  expect(lastFrame()).toContain('❯ Skip');
  stdin.write('1');
  await wait(30);
  expect(chosen).toEqual(['apply']);
  unmount();
});
