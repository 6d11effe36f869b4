import {parseArgs} from 'node:util';
import {run, type Outcome} from './run.js';
import {draw, drawHarmless, variants, type Sequence, type Variant} from './sequence.js';
import {shrink} from './shrink.js';
import {command, exactly, parseShort, story} from './story.js';

const usage = `npm run simulate -- [options]
  --seed N         the seed to run, or the first of several (default 1)
  --sequences N    how many seeds (default 1)
  --story          print the story also when no rule is broken
  --harmless       sequences of faults that are no reason to take over
  --faults "…"     these faults instead of those of the seed: ROW@START_MS+LASTS_MS#DICE, x for ever
  --variant NAME   ${Object.keys(variants).join(', ')}
  --no-shrink      print a failing sequence as it was drawn
  --all            go on after a failing sequence`;

const {values} = parseArgs({
  options: {
    seed: {type: 'string', default: '1'},
    sequences: {type: 'string', default: '1'},
    story: {type: 'boolean', default: false},
    harmless: {type: 'boolean', default: false},
    faults: {type: 'string'},
    variant: {type: 'string'},
    'no-shrink': {type: 'boolean', default: false},
    all: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
});

const whole = (text: string, name: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`--${name} must be a whole number.`);
  return number;
};

function sequenceOf(seed: number): Sequence {
  const drawn = values.harmless ? drawHarmless(seed) : draw(seed);
  const {faults, variant} = values;
  if (variant !== undefined && !Object.hasOwn(variants, variant))
    throw new RangeError(`There is no variant "${variant}".`);
  return {
    ...drawn,
    ...(faults !== undefined && {faults: parseShort(faults)}),
    ...(variant !== undefined && {variant: variant as Variant}),
  };
}

async function fails(outcome: Outcome): Promise<void> {
  const smallest = values['no-shrink'] ? outcome : await shrink(outcome);
  console.log(`${story(smallest)}\n`);
  console.log(`As it was drawn: ${command(outcome.sequence)}${values.harmless ? ' --harmless' : ''}`);
  console.log(`As it is shown:  ${exactly(smallest.sequence)}\n`);
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const first = whole(values.seed, 'seed');
  const count = whole(values.sequences, 'sequences');
  let failed = 0;
  let virtualMs = 0;
  let ran = 0;
  const startedMs = performance.now();
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await run(sequenceOf(seed));
    ran += 1;
    virtualMs += outcome.world.clock.nowMs;
    if (outcome.violation) {
      failed += 1;
      await fails(outcome);
      if (!values.all) break;
    } else if (values.story) console.log(`${story(outcome)}\n`);
  }
  const took = (performance.now() - startedMs) / 1000;
  console.log(
    `${ran} ${ran === 1 ? 'sequence' : 'sequences'}, ${failed} failed; ${Math.round(virtualMs / 3_600_000)} hours in ${took.toFixed(1)} s`,
  );
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof RangeError ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 2;
}
