import {expect, test} from 'vitest';
import {pages} from '../../../src/cli/help/pages/index.js';
import {commandsPage} from './document.js';
import {tree} from './program-tree.js';

test('docs/commands.md says what the program says (npx vitest run test/cli/help -u writes it)', async () => {
  await expect(await commandsPage(tree, pages)).toMatchFileSnapshot('../../../docs/commands.md');
});
