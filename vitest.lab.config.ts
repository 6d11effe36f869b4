import {basename} from 'node:path';
import {defineConfig} from 'vitest/config';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/** The story comes first: its finished pair is what the others begin with or compare with. */
const order = ['story', 'drill', 'faults', 'interrupted', 'refusals', 'trixie-sudo'];
const rank = ({moduleId}: TestSpecification) => {
  const index = order.indexOf(basename(moduleId, '.lab.test.ts'));
  return index < 0 ? order.length : index;
};

class StoryFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

// Real hosts: slow, one file at a time, because they share the machine's bridge.
export default defineConfig({
  test: {
    include: ['test/lab/**/*.lab.test.ts'],
    // A row of the fault matrix waits for those before it in its lane.
    testTimeout: 2_400_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    sequence: {sequencer: StoryFirst},
    bail: 0,
  },
});
