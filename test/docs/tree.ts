// The sources as syntax trees, with parents, and who calls what: enough to say what a message can be.

import {readFileSync, readdirSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {parseAst} from 'vitest/node';

/** A node of ESTree with TypeScript; read as data, whatever its type. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Source {
  path: string;
  text: string;
  program: Node;
  parents: Map<Node, Node>;
  /** Name in this file → file and name it is imported from. */
  imports: Map<string, {path: string; name: string}>;
  /** Name → its value or function, of the module itself. */
  top: Map<string, Node>;
  nodes: readonly Node[];
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

export const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** Every source file below a folder, parsed. */
export function sourcesIn(folder: string): Map<string, Source> {
  const paths = readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .toSorted();
  return new Map(paths.map((path) => [path, sourceOf(path, readFileSync(path, 'utf8'))]));
}

export function sourceOf(path: string, text: string): Source {
  const program = parseAst(text, {lang: path.endsWith('x') ? 'tsx' : 'ts'}) as unknown as Node;
  const parents = new Map<Node, Node>();
  const nodes: Node[] = [];
  const visit = (node: Node) => {
    nodes.push(node);
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child);
    }
  };
  visit(program);
  const imports: Source['imports'] = new Map();
  const top: Source['top'] = new Map();
  for (const statement of program.body as Node[]) {
    if (statement.type === 'ImportDeclaration') {
      const from = (statement.source as {value: string}).value;
      if (!from.startsWith('.')) continue;
      const target = normalize(join(dirname(path), from)).replace(/\.js$/, '.ts');
      for (const one of statement.specifiers as Node[])
        if (one.type === 'ImportSpecifier')
          imports.set(nameOf(one.local)!, {path: target, name: nameOf(one.imported)!});
    }
    const declared = isNode(statement.declaration) ? statement.declaration : statement;
    if (declared.type === 'FunctionDeclaration') top.set(nameOf(declared.id)!, declared);
    if (declared.type === 'VariableDeclaration')
      for (const one of declared.declarations as Node[])
        if (nameOf(one.id) !== undefined && isNode(one.init)) top.set(nameOf(one.id)!, one.init);
  }
  return {path, text, program, parents, imports, top, nodes};
}

/** The name of an identifier, or the text of a string that stands for one. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return node.name as string;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  return undefined;
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export function enclosingFunction({parents}: Source, node: Node): Node | undefined {
  for (let at = parents.get(node); at; at = parents.get(at)) if (functions.has(at.type)) return at;
  return undefined;
}

/** What a function is called by: its own name, or that of the constant it is the value of. */
export function nameOfFunction({parents}: Source, fn: Node): string | undefined {
  if (nameOf(fn.id) !== undefined) return nameOf(fn.id);
  const parent = parents.get(fn);
  return parent?.type === 'VariableDeclarator' || parent?.type === 'MethodDefinition'
    ? nameOf(parent.id ?? parent.key)
    : undefined;
}

/** The property of an object literal; undefined where it has none of that name. */
export function property(object: Node | undefined, name: string): Node | undefined {
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const one of object.properties as Node[]) {
    if (one.type === 'Property' && nameOf(one.key) === name) return one.value as Node;
    // `...(fix && {fix})`, `...(text === '' ? {} : {detail: text})`
    if (one.type !== 'SpreadElement') continue;
    for (const inner of literalsIn(one.argument as Node)) {
      const found = property(inner, name);
      if (found) return found;
    }
  }
  return undefined;
}

function literalsIn(node: Node): Node[] {
  switch (node.type) {
    case 'ObjectExpression':
      return [node];
    case 'LogicalExpression':
      return [node.left, node.right].flatMap((side) => literalsIn(side as Node));
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((side) => literalsIn(side as Node));
    case 'ParenthesizedExpression':
      return literalsIn(node.expression as Node);
    default:
      return [];
  }
}
