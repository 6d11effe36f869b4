// What a string expression can say, without running it: its alternatives, with CAPITALS for what is only known then.

import {layout, units} from '../../src/templates/layout.js';
import {
  childrenOf,
  enclosingFunction,
  isNode,
  nameOf,
  nameOfFunction,
  property,
  type Node,
  type Source,
} from './tree.js';

export type Sources = ReadonlyMap<string, Source>;

/** An expression where it stands, and what the parameters of the functions around it were called with. */
export interface Place {
  source: Source;
  node: Node;
  calls: ReadonlyMap<Node, Call>;
}
interface Call {
  source: Source;
  args: readonly Node[];
  calls: ReadonlyMap<Node, Call>;
}

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
const known: Readonly<Record<string, unknown>> = {layout, units};

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

/** Where a name, a member or a call leads to; undefined: only known when it runs. */
function resolve(sources: Sources, place: Place): Place[] | undefined {
  const {source, node} = place;
  if (node.type === 'Identifier') return ofName(sources, place, nameOf(node)!);
  if (node.type === 'MemberExpression') {
    const value = constant(node);
    if (value !== undefined) return [{...place, node: {type: 'Literal', value, start: 0, end: 0}}];
    const name = node.computed ? undefined : nameOf(node.property);
    const objects = name === undefined ? undefined : resolve(sources, {...place, node: node.object as Node});
    const found = objects?.flatMap((one) => {
      const inner = property(one.node, name!);
      return inner ? [{...one, node: inner}] : [];
    });
    return found && found.length > 0 ? found : undefined;
  }
  if (node.type !== 'CallExpression') return node.type === 'ObjectExpression' ? [place] : undefined;
  const callee = nameOf(node.callee);
  const [fn] = callee === undefined ? [] : (ofName(sources, place, callee) ?? []);
  if (!fn || !/Function/.test(fn.node.type)) return undefined;
  const calls = new Map(fn.calls).set(fn.node, {source, args: node.arguments as Node[], calls: place.calls});
  const body = fn.node.body as Node;
  const results = body.type === 'BlockStatement' ? returnsOf(body) : [body];
  return results.map((result) => ({source: fn.source, node: result, calls}));
}

function returnsOf(body: Node): Node[] {
  if (body.type === 'ReturnStatement') return isNode(body.argument) ? [body.argument] : [];
  return /Function/.test(body.type) ? [] : childrenOf(body).flatMap(returnsOf);
}

function constant(node: Node): string | undefined {
  const object = nameOf(node.object);
  const value = object === undefined ? undefined : known[object];
  const inner = value && (value as Record<string, unknown>)[nameOf(node.property) ?? ''];
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner) : undefined;
}

function ofName(sources: Sources, {source, node, calls}: Place, name: string): Place[] | undefined {
  for (let fn = enclosingFunction(source, node); fn; fn = enclosingFunction(source, fn)) {
    const param = parameter(fn, name);
    if (param) {
      const call = calls.get(fn);
      const arg = call?.args[param.index];
      const value = arg && param.key !== undefined ? property(arg, param.key) : arg;
      return call && value ? [{source: call.source, node: value, calls: call.calls}] : undefined;
    }
    const local = localValue(source, fn, name, node);
    if (local) return [{source, node: local, calls}];
  }
  const own = source.top.get(name);
  if (own) return [{source, node: own, calls}];
  const from = source.imports.get(name);
  const there = from && sources.get(from.path);
  const value = there?.top.get(from!.name);
  return there && value ? [{source: there, node: value, calls: new Map()}] : undefined;
}

/** The value of the constant of that name whose block is the nearest around `at`. */
function localValue(source: Source, fn: Node, name: string, at: Node): Node | undefined {
  let found: {size: number; value: Node} | undefined;
  for (const node of source.nodes) {
    if (node.type !== 'VariableDeclarator' || nameOf(node.id) !== name || !isNode(node.init)) continue;
    if (enclosingFunction(source, node) !== fn) continue;
    const block = blockOf(source, node);
    if (block.start > at.start || block.end < at.end) continue;
    const size = block.end - block.start;
    if (!found || size < found.size) found = {size, value: node.init};
  }
  return found?.value;
}

function blockOf({parents, program}: Source, node: Node): Node {
  for (let at = parents.get(node); at; at = parents.get(at)) if (at.type === 'BlockStatement') return at;
  return program;
}

/** Which parameter of a function a name is, and which property of it where it is taken apart. */
export function parameter(fn: Node, name: string): {index: number; key?: string} | undefined {
  for (const [index, whole] of (fn.params as Node[]).entries()) {
    const param = whole.type === 'AssignmentPattern' ? (whole.left as Node) : whole;
    if (nameOf(param) === name) return {index};
    if (param.type !== 'ObjectPattern') continue;
    for (const one of param.properties as Node[]) {
      const value = one.value as Node | undefined;
      const bound = value?.type === 'AssignmentPattern' ? value.left : value;
      if (one.type === 'Property' && nameOf(bound) === name) return {index, key: nameOf(one.key)!};
    }
  }
  return undefined;
}

/** Whether all of what the expression says was handed to the function around it: then each call of that is a message. */
export function isHanded(source: Source, node: Node): Node | undefined {
  const root = rootOf(node);
  const name = nameOf(root);
  if (name === undefined || root?.type !== 'Identifier') return undefined;
  const fn = enclosingFunction(source, node);
  return fn && parameter(fn, name) ? fn : undefined;
}

function rootOf(node: Node | undefined): Node | undefined {
  if (node?.type === 'MemberExpression' && nameOf(node.property) !== 'message')
    return rootOf(node.object as Node);
  if (node?.type === 'CallExpression' && nameOf(node.callee) !== undefined)
    return rootOf((node.arguments as Node[])[0]);
  return node;
}

/** Every place that calls a function of a file by its name. */
export function callsOf(sources: Sources, source: Source, fn: Node): {source: Source; call: Node}[] {
  const name = nameOfFunction(source, fn);
  if (name === undefined) return [];
  return [...sources.values()].flatMap((other) => {
    const local =
      other === source
        ? name
        : [...other.imports].find(([, from]) => from.path === source.path && from.name === name)?.[0];
    if (local === undefined) return [];
    return other.nodes
      .filter((node) => node.type === 'CallExpression' && nameOf(node.callee) === local)
      .map((call) => ({source: other, call}));
  });
}

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
