import {getAt} from '../../pair/path.js';
import {configTree, modelOf, providersFor} from './read-config.js';
import type {Asking, Question} from './question.js';
import {asksList, asksText, listOf, printList} from './simple.js';

const treeOf = ({facts}: Asking) => configTree(facts?.primary);

/** What the standby thinks with. */
export const model: readonly Question[] = [
  {
    path: ['model', 'primary'],
    label: 'Model',
    flag: {flags: '--model <provider/model>', describe: "the standby's model"},
    required: true,
    when: ({facts}) => facts !== undefined,
    initial: (asking) => modelOf(treeOf(asking)).primary,
    ask: asksText(['model', 'primary'], {
      message: 'Model of the standby (provider/model)',
      why: 'The same as on the primary is a good choice; another provider also covers an outage of the first.',
    }),
  },
  {
    path: ['model', 'fallbacks'],
    label: 'Fallback models',
    flag: {
      flags: '--fallbacks <models>',
      describe: 'models tried when the first fails, separated by commas',
      parse: listOf,
      print: printList,
    },
    when: ({facts}) => facts !== undefined,
    initial: (asking) => {
      const found = modelOf(treeOf(asking));
      // Another model than the primary's was chosen: its fallbacks need keys that nobody asked about.
      return found.primary === getAt(asking.draft, ['model', 'primary']) ? found.fallbacks : [];
    },
    ask: asksList(['model', 'fallbacks'], {
      message: 'Fallback models (may be empty)',
      why: 'Separated by commas, tried in this order when the model does not answer.',
    }),
  },
  {
    path: ['model', 'providers'],
    label: 'Model providers',
    tell: (_asking, value) => Object.keys(value as object).join(', ') || 'none',
    when: ({facts}) => facts !== undefined,
    initial: (asking) => {
      const primary = getAt(asking.draft, ['model', 'primary']);
      const fallbacks = getAt(asking.draft, ['model', 'fallbacks']);
      const models = [primary, ...(Array.isArray(fallbacks) ? fallbacks : [])].map(String);
      const {providers} = providersFor(treeOf(asking), models);
      return Object.keys(providers).length > 0 ? providers : undefined;
    },
  },
];
