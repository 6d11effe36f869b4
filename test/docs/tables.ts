// Messages that stand in tables of their own.

import {Exit} from '../../src/errors.js';
import {each, type Said} from './collect.js';
import type {Place, Sources} from './resolve.js';
import {enclosingFunction, isNode, nameOf, property, type Node, type Source} from './tree.js';
import {saysOf} from './words.js';

/** `[words, sentence]` of the reasons of "Not protected". */
export function reasons(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    if (!source.path.endsWith('watch/model/unprotected.ts') || node.type !== 'ArrayExpression') return [];
    const [words, sentence] = node.elements as Node[];
    const what = words && sentence && isNode(sentence) ? [words, sentence] : undefined;
    const outside = enclosingFunction(source, node) === undefined;
    if (!what || (outside && nameOf(words)?.startsWith('Not known') !== true)) return [];
    const place = (inner: Node): Place => ({source, node: inner, calls: new Map()});
    const says = saysOf(sources, place(what[1]!));
    return saysOf(sources, place(what[0]!)).map((sign) => ({
      path: source.path,
      say: says[0]!,
      next: [],
      exits: [],
      sign,
    }));
  });
}

/** Rows `[…, sentence, advice, …]` of these files' own tables. */
export function rows(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    if (!/(?:ssh\/failure|ssh\/files|ssh\/sudo|phases\/hosts)\.ts$/.test(source.path)) return [];
    if (node.type !== 'ArrayExpression' || inNext(source, node)) return [];
    const elements = node.elements as Node[];
    const at = elements.findIndex(isSentence);
    if (
      at === -1 ||
      !elements.slice(at + 1).some((one) => isSentence(one) || one.type === 'ConditionalExpression')
    )
      return [];
    const says = (inner: Node) => saysOf(sources, {source, node: inner, calls: new Map()});
    const exits = source.path.includes('phases')
      ? []
      : [!source.path.endsWith('files.ts') ? Exit.unreachable : Exit.failed];
    const sentences = says(elements[at]!);
    const next = elements.slice(at + 1).flatMap(says);
    // One condition decides over both.
    const each = elements[at + 1]!.type === 'ConditionalExpression' && next.length === sentences.length;
    return sentences.map((say, index) => ({
      path: source.path,
      say,
      next: each ? [next[index]!] : next,
      exits,
      ...(source.path.includes('phases') && {sign: 'blocks'}),
    }));
  });
}

const isSentence = (node: Node): boolean =>
  (node.type === 'Literal' && typeof node.value === 'string' && / .*[.?]$/.test(node.value)) ||
  (node.type === 'ConditionalExpression' && isSentence(node.consequent as Node)) ||
  (node.type === 'TemplateLiteral' && / /.test(textOf(node)) && !textOf(node).startsWith('offered'));

const textOf = (node: Node) =>
  (node.quasis as {value: {cooked: string}}[]).map(({value}) => value.cooked).join('');

/** What makes a split a conflict. */
export function conflicts(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    if (!/channels\/(?:conflicts|planned)\.ts$/.test(source.path)) return [];
    const sentence = property(node, 'sentence');
    const because = (node.properties as Node[] | undefined)?.some((one) => nameOf(one.key) === 'because');
    if (!sentence || !because) return [];
    return saysOf(sources, {source, node: sentence, calls: new Map()}).map((say) => ({
      path: source.path,
      say,
      next: [],
      exits: [Exit.split],
    }));
  });
}

function inNext({parents}: Source, node: Node): boolean {
  for (let at: Node | undefined = node; at; at = parents.get(at)) {
    if (at.type === 'Property' && nameOf(at.key) === 'next') return true;
    if (at.type === 'VariableDeclarator' && nameOf(at.id) === 'next') return true;
    if (at.type === 'CallExpression' && nameOf(at.callee) === 'unreachable') return true;
  }
  return false;
}

/** `{match, sentence, next}`: what hosts say in many places. */
export function causes(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    const [match, sentence, next] = ['match', 'sentence', 'next'].map((name) => property(node, name));
    if (!source.path.endsWith('plan/must.ts') || !match || !sentence || !next) return [];
    const says = (inner: Node) => saysOf(sources, {source, node: inner, calls: new Map()});
    return says(sentence).map((say) => ({
      path: source.path,
      say: `Could not … on the HOST: ${say}.`,
      next: says(next),
      exits: [Exit.failed],
    }));
  });
}
