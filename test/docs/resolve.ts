// Where a name, a member or a call leads to, through files and through what functions were called with.

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

const known: Readonly<Record<string, unknown>> = {layout, units};

/** Where a name, a member or a call leads to; undefined: only known when it runs. */
export function resolve(sources: Sources, place: Place): Place[] | undefined {
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
