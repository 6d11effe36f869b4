// What a string expression can say, without running it: its alternatives, with CAPITALS for what is only known then.

import {hole} from './holes.js';
import {resolve, type Place, type Sources} from './resolve.js';
import {nameOf, type Node} from './tree.js';

/** More than so many ways to fill a hole tell nobody anything. */
const mostWays = 3;
const mostDepth = 12;
/** What these are given is what is said: they clean it, or write it with a capital. */
const through = new Set(['clean', 'stripControl', 'upper', 'capital', 'sentenceOf', 'shortPath']);
/** What these say is a number in words. */
const amounts = new Set([
  'age',
  'bytes',
  'duration',
  'spanWords',
  'lengthText',
  'timeOfDay',
  'span',
  'messageOf',
]);

/** Every way the expression can turn out, in the order of the text. */
export function saysOf(sources: Sources, place: Place, depth = 0): string[] {
  const {node} = place;
  const at = (inner: unknown) => saysOf(sources, {...place, node: inner as Node}, depth + 1);
  if (depth > mostDepth) return [hole(node)];
  switch (node.type) {
    case 'Literal':
      return [String(node.value)];
    case 'Identifier':
      if (nameOf(node) === 'undefined') return [];
      break;
    case 'TemplateLiteral':
      return template(node, (inner) => {
        const ways = [...new Set(at(inner))];
        const few = ways.length > 0 && ways.length <= mostWays && ways.every((way) => way.length < 100);
        return few ? ways : [hole(inner)];
      });
    case 'CallExpression': {
      const callee = nameOf(node.callee) ?? '';
      const [first] = node.arguments as Node[];
      if (first && through.has(callee)) return at(first);
      if (first && amounts.has(callee)) return [hole(first)];
      break;
    }
    case 'ConditionalExpression':
      return [...at(node.consequent), ...at(node.alternate)];
    case 'LogicalExpression':
      if (node.operator === '&&') return at(node.right);
      // `port ?? 18789`, `folder || '/'`: what stands in for it is no other message.
      return isStandIn(node.right as Node) ? at(node.left) : [...at(node.left), ...at(node.right)];
    case 'BinaryExpression':
      if (node.operator === '+')
        return at(node.left).flatMap((left) => at(node.right).map((right) => left + right));
      return [quotient(at(node.left), node.operator, at(node.right)) ?? hole(node)];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return at(node.expression);
    case 'AwaitExpression':
      return at(node.argument);
    default:
  }
  const found = resolve(sources, place);
  return found ? found.flatMap((one) => saysOf(sources, one, depth + 1)) : [hole(node)];
}

/** `deployKeyLimitMs / 60_000` of constants: 10. */
function quotient(left: string[], operator: unknown, right: string[]): string | undefined {
  const value = Number(left[0]) / Number(right[0]);
  const isOne = operator === '/' && left.length === 1 && right.length === 1;
  return isOne && Number.isFinite(value) ? String(value) : undefined;
}

const isStandIn = (node: Node) => node.type === 'Literal' && !String(node.value).includes(' ');

/** What each element of a list can say; lists that are only known then give nothing. */
export function listOf(sources: Sources, place: Place, depth = 0): string[] {
  const {node} = place;
  const at = (inner: unknown) => listOf(sources, {...place, node: inner as Node}, depth + 1);
  if (depth > mostDepth) return [];
  switch (node.type) {
    case 'ArrayExpression':
      return (node.elements as Node[]).flatMap((one) =>
        one.type === 'SpreadElement' ? at(one.argument) : saysOf(sources, {...place, node: one}),
      );
    case 'ConditionalExpression':
      return [...at(node.consequent), ...at(node.alternate)];
    case 'LogicalExpression':
      return [...at(node.left), ...at(node.right)];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return at(node.expression);
    case 'ObjectExpression':
      return (node.properties as Node[]).flatMap((one) => at(one.value));
    case 'MemberExpression':
      // `{answers: […], pair: […]}[verdict.by]`: any of them.
      if (node.computed) return at(node.object);
      return (resolve(sources, place) ?? []).flatMap((one) => listOf(sources, one, depth + 1));
    case 'CallExpression': {
      const [each] = node.arguments as Node[];
      const isMap =
        nameOf((node.callee as Node).property) === 'map' && each?.type === 'ArrowFunctionExpression';
      if (isMap) return saysOf(sources, {...place, node: each.body as Node});
      return (resolve(sources, place) ?? []).flatMap((one) => listOf(sources, one, depth + 1));
    }
    default:
      return (resolve(sources, place) ?? []).flatMap((one) => listOf(sources, one, depth + 1));
  }
}

/** The choice that an expression comes down to; undefined: it is none. */
export function choiceOf(sources: Sources, place: Place, depth = 0): Place | undefined {
  const {node} = place;
  if (node.type === 'ConditionalExpression') return place;
  const [given] = node.type === 'CallExpression' ? (node.arguments as Node[]) : [];
  if (given && through.has(nameOf(node.callee) ?? ''))
    return choiceOf(sources, {...place, node: given}, depth + 1);
  if (depth > mostDepth || node.type !== 'Identifier') return undefined;
  const [only, ...more] = resolve(sources, place) ?? [];
  return only && more.length === 0 ? choiceOf(sources, only, depth + 1) : undefined;
}

function template(node: Node, fill: (inner: Node) => string[]): string[] {
  const quasis = (node.quasis as {value: {cooked: string}}[]).map(({value}) => value.cooked);
  let ways = [quasis[0]!];
  (node.expressions as Node[]).forEach((inner, index) => {
    ways = ways.flatMap((before) => fill(inner).map((way) => before + way + quasis[index + 1]!));
  });
  return ways.length <= 8 ? ways : ways.slice(0, 8);
}
