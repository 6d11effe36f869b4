// Every message that asks for something, as the sources have it.

import {Exit} from '../../src/errors.js';
import {callsOf, isHanded, type Place, type Sources} from './resolve.js';
import {nameOf, property, type Node, type Source} from './tree.js';
import {choiceOf, listOf, saysOf} from './words.js';

export interface Said {
  path: string;
  say: string;
  next: readonly string[];
  /** Exit codes; findings and checks have none. */
  exits: readonly number[];
  /** `stop` or `warn` of a check, the level of a finding. */
  sign?: string;
}

type Read = (place: Place) => Said[];

/** Where everything that is said was handed over, the callers are asked instead; else it is read here. */
function wherever(sources: Sources, place: Place, said: Node, read: Read, depth = 0): Said[] {
  const fn = depth > 4 ? undefined : isHandedOver(place, said);
  if (!fn || place.calls.has(fn)) return read(place);
  return callsOf(sources, place.source, fn).flatMap(({source, call}) => {
    const args = call.arguments as Node[];
    const caller: Place = {source, node: call, calls: new Map()};
    const bound = (outer: Place): Place => ({
      ...place,
      calls: new Map(place.calls).set(fn, {source, args, calls: outer.calls}),
    });
    const index = (fn.params as Node[]).findIndex((_, at) => args[at] && isHanded(source, args[at]!));
    return index === -1
      ? read(bound(caller))
      : wherever(sources, caller, args[index]!, (outer) => read(bound(outer)), depth + 1);
  });
}

const isHandedOver = ({source}: Place, said: Node) => isHanded(source, said);

/** Every `new Abort(…)`, and what its subclasses say. */
export function aborts(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    const args = (node.arguments ?? []) as Node[];
    const made = node.type === 'NewExpression' && nameOf(node.callee) === 'Abort';
    const subclass =
      node.type === 'CallExpression' && (node.callee as Node).type === 'Super' && extendsAbort(source, node);
    if (!(made || subclass) || !args[0]) return [];
    const [sentence, details] = args;
    return wherever(sources, {source, node, calls: new Map()}, sentence!, (place) => {
      const at = (inner: Node | undefined) => inner && {...place, source, node: inner};
      const next = at(property(details, 'next'));
      const exits = [
        ...exitsOf(property(details, 'exit')),
        ...(isOptional(details, 'exit') ? [Exit.failed] : []),
      ];
      return paired(sources, at(sentence)!, next).flatMap(([one, advice]) =>
        saysOf(sources, one).map((say) => ({
          path: source.path,
          say,
          next: advice ? listOf(sources, advice) : [],
          exits,
        })),
      );
    });
  });
}

/** A sentence and its advice that one condition chooses stay together. */
function paired(sources: Sources, sentence: Place, next: Place | undefined): [Place, Place | undefined][] {
  const one = choiceOf(sources, sentence);
  const other = next && choiceOf(sources, next);
  if (!one || !other || test(one) !== test(other)) return [[sentence, next]];
  return (['consequent', 'alternate'] as const).map((side) => [
    {...one, node: one.node[side] as Node},
    {...other, node: other.node[side] as Node},
  ]);
}

const test = ({source, node}: Place) => {
  const {start, end} = node.test as Node;
  return source.text.slice(start, end);
};

function extendsAbort({parents}: Source, node: Node): boolean {
  for (let at = parents.get(node); at; at = parents.get(at))
    if (at.type === 'ClassDeclaration') return nameOf(at.superClass) === 'Abort';
  return false;
}

/** It stands in a spread, and so not always. */
const isOptional = (details: Node | undefined, name: string) =>
  property(details, name) !== undefined &&
  !(details!.properties as Node[]).some((one) => nameOf(one.key) === name);

function exitsOf(node: Node | undefined): number[] {
  if (!node) return [Exit.failed];
  if (node.type === 'ConditionalExpression')
    return [...exitsOf(node.consequent as Node), ...exitsOf(node.alternate as Node)];
  const name = node.type === 'MemberExpression' ? nameOf(node.property) : undefined;
  return name !== undefined && name in Exit ? [Exit[name as keyof typeof Exit]] : [];
}

/** Findings of the phases: `{sentence, fix, level}`. */
export function findings(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    if (!/src\/(?:phases|plan)\//.test(source.path)) return [];
    const sentence = property(node, 'sentence');
    const fix = property(node, 'fix');
    if (!sentence || !fix) return [];
    const level = property(node, 'level');
    return wherever(sources, {source, node, calls: new Map()}, sentence, (place) =>
      saysOf(sources, {...place, source, node: sentence}).map((say) => ({
        path: source.path,
        say,
        next: [...new Set(saysOf(sources, {...place, source, node: fix}))].filter(
          (one) => one !== 'undefined',
        ),
        exits: [],
        ...signOf(level),
      })),
    );
  });
}

function signOf(level: Node | undefined): {sign?: string} {
  if (level?.type === 'TSAsExpression') return signOf(level.expression as Node);
  return level?.type === 'Literal' ? {sign: String(level.value)} : {};
}

/** `stop(…)` and `warn(…)` of a checklist. @param first which argument is the sentence; the next one says what to do */
export function checks(sources: Sources, paths: RegExp, first: number): Said[] {
  return each(sources, (source, node) => {
    const sign = node.type === 'CallExpression' ? nameOf(node.callee) : undefined;
    if (!paths.test(source.path) || (sign !== 'stop' && sign !== 'warn')) return [];
    const args = node.arguments as Node[];
    const place: Place = {source, node, calls: new Map()};
    return !args[first]
      ? []
      : wherever(sources, place, args[first], (at) =>
          saysOf(sources, {...at, source, node: args[first]!}).map((say) => ({
            path: source.path,
            say,
            next: args[first + 1] ? saysOf(sources, {...at, source, node: args[first + 1]!}) : [],
            exits: [],
            sign,
          })),
        );
  });
}

/** How pause, resume, promote and demote end when they do not do what was asked: `{result, exit, say, next}`. */
export function ends(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    if (!/monitor\/hand\//.test(source.path)) return [];
    const [result, exit, say] = ['result', 'exit', 'say'].map((name) => property(node, name));
    if (!result || !say || typeof exit?.value !== 'number' || exit.value === Exit.ok) return [];
    const code = exit.value;
    const next = property(node, 'next');
    return wherever(sources, {source, node, calls: new Map()}, say, (place) =>
      saysOf(sources, {...place, source, node: say}).map((text) => ({
        path: source.path,
        say: text,
        next: next ? listOf(sources, {...place, source, node: next}) : [],
        exits: [code],
      })),
    );
  });
}

/** What setup waits for, which may be you. */
export function waits(sources: Sources): Said[] {
  return each(sources, (source, node) => {
    const sentence = property(node, 'sentence');
    if (!sentence || property(node, 'type')?.value !== 'waiting') return [];
    return saysOf(sources, {source, node: sentence, calls: new Map()}).map((say) => ({
      path: source.path,
      say,
      next: [],
      exits: [],
    }));
  });
}

export function each(sources: Sources, read: (source: Source, node: Node) => Said[]): Said[] {
  const all = [...sources.values()].flatMap((source) => source.nodes.flatMap((node) => read(source, node)));
  const byText = new Map<string, Said>();
  // What is nothing but a hole repeats words that are collected elsewhere.
  for (const one of all.filter(
    ({say, sign}) => /[a-z]{2}.* .*[a-z]{2}/.test(say) || /split/.test(sign ?? ''),
  )) {
    const id = `${one.say} ${/split/.test(one.sign ?? '') ? one.sign : ''}`;
    const before = byText.get(id);
    const next = [...new Set([...(before?.next ?? []), ...one.next])];
    const exits = [...new Set([...(before?.exits ?? []), ...one.exits])].toSorted((a, b) => a - b);
    byText.set(id, {...(before ?? one), next, exits});
  }
  return [...byText.values()];
}
