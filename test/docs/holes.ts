// What stands for a part of a sentence that is only known when it is said.

import {nameOf, type Node} from './tree.js';

/** `host.name` → HOST, `timeoutMs` → TIMEOUT; … for what has no name. */
export function hole(node: Node): string {
  if (node.type === 'Identifier') return capitals(nameOf(node)!);
  if (node.type === 'MemberExpression' && !node.computed) {
    const name = nameOf(node.property)!;
    return ['name', 'value', 'length', 'message'].includes(name) ? hole(node.object as Node) : capitals(name);
  }
  if (node.type === 'CallExpression') {
    const [first] = node.arguments as Node[];
    return first && ['Identifier', 'MemberExpression'].includes(first.type) ? hole(first) : '…';
  }
  if (node.type === 'BinaryExpression' && ['/', '*'].includes(node.operator as string))
    return hole(node.left as Node);
  if (node.type === 'ChainExpression' || node.type === 'TSNonNullExpression')
    return hole(node.expression as Node);
  return '…';
}

/** Names that say little outside their file. */
const plainer: Readonly<Record<string, string>> = {
  error: 'reason',
  message: 'reason',
  say: '…',
  ms: 'time',
  s: 'time',
};

const capitals = (name: string) =>
  (plainer[name] ?? name)
    .replace(/(?:Ms|S)$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/^\W+/, '')
    .toUpperCase();
