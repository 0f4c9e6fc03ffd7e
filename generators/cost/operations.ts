import type { Expression } from '../../hdl/index.js';
import type { Arithmetic, Word } from './arithmetic.js';
import { inverted, never, always, type Literal, type Logic } from './logic.js';

/** What makes the logic of single operations. */
export interface Workshop {
  readonly logic: Logic;
  readonly arithmetic: Arithmetic;
  /** A product in a hard multiplier; undefined where there is none to be used. */
  readonly hardProduct: (a: Word, b: Word, signed: readonly [boolean, boolean], width: number) => Word | undefined;
}

/** The bits of a constant, low bit first. */
export function constantWord(value: bigint, width: number): Word {
  const pattern = BigInt.asUintN(width, value);
  return Array.from({ length: width }, (_, i) => (pattern >> BigInt(i)) & 1n ? always : never);
}

/** A word at another width: by its sign or zeros, or its low bits. */
export function resized(word: Word, width: number, signed: boolean): Word {
  if (word.length >= width) return word.slice(0, width);
  const fill = signed ? word.at(-1) ?? never : never;
  return [...word, ...new Array<Literal>(width - word.length).fill(fill)];
}

/** The bits of a node from those of its operands; not for reads of signals and memories. */
export function wordOf(node: Expression, args: readonly Word[], shop: Workshop): Word {
  const { logic, arithmetic } = shop;
  const { width } = node;
  const [a = [], b = []] = args;
  const [left, right] = node.args;
  const signed = (left?.type.signed ?? false) || (right?.type.signed ?? false);
  const at = (i: number, size: number): Word => resized(args[i] ?? [], size, node.args[i]?.type.signed ?? false);
  const wide = Math.max(...node.args.map(each => each.width + (signed && !each.type.signed ? 1 : 0)));
  switch (node.op) {
    case 'literal': return constantWord(node.constant ?? 0n, width);
    case 'add': return arithmetic.add(at(0, width), at(1, width));
    case 'sub': return arithmetic.add(at(0, width), at(1, width), true);
    case 'neg': return arithmetic.add(new Array<Literal>(width).fill(never), at(0, width), true);
    case 'mul': return shop.hardProduct(a, b, [left?.type.signed ?? false, right?.type.signed ?? false], width)
      ?? arithmetic.multiply(at(0, width), at(1, width), width);
    case 'shl': return resized([...constantWord(0n, node.detail.distance ?? 0), ...a], width, left?.type.signed ?? false);
    case 'shr': return resized(a.slice(Math.min(node.detail.distance ?? 0, a.length - 1)), width, left?.type.signed ?? false);
    case 'shlBy': return shiftedLeft(logic, at(0, width), b);
    case 'shrBy': return resized(shiftedRight(logic, a, b, left?.type.signed ?? false), width, left?.type.signed ?? false);
    case 'eq': return [arithmetic.isEqual(at(0, wide), at(1, wide))];
    case 'ne': return [inverted(arithmetic.isEqual(at(0, wide), at(1, wide)))];
    case 'lt': return [arithmetic.isLess(at(0, wide), at(1, wide), signed)];
    case 'le': return [arithmetic.isAtMost(at(0, wide), at(1, wide), signed)];
    case 'and': return a.map((bit, i) => logic.and(bit, b[i] ?? never));
    case 'or': return a.map((bit, i) => logic.or(bit, b[i] ?? never));
    case 'xor': return a.map((bit, i) => logic.xor(bit, b[i] ?? never));
    case 'not': return a.map(inverted);
    case 'reduceAnd': return [logic.all(a)];
    case 'reduceOr': return [logic.any(a)];
    case 'reduceXor': return [logic.parity(a)];
    case 'cat': return args.toReversed().flat();
    case 'slice': return a.slice(node.detail.low ?? 0, (node.detail.low ?? 0) + width);
    case 'cast':
    case 'truncate':
    case 'extend': return at(0, width);
    case 'mux': return chosen(logic, a[0] ?? never, at(1, width), at(2, width));
    case 'select': return selected(logic, a, args.slice(1).map((_, i) => at(i + 1, width)), width);
    case 'read':
    case 'memory': throw new TypeError(`a ${node.op} is not made from its operands alone`);
  }
}

/** Bit by bit `yes` where `select` is 1, else `no`. */
export function chosen(logic: Logic, select: Literal, yes: Word, no: Word): Word {
  return yes.map((bit, i) => logic.mux(select, bit, no[i] ?? never));
}

/** The word at `index` by a tree of multiplexers; an index beyond the last one gives any of them. */
export function selected(logic: Logic, index: Word, words: readonly Word[], width: number): Word {
  const tree = (low: number, bit: number): Word => {
    if (bit < 0) return words[low] ?? [];
    const [below, above] = [tree(low, bit - 1), low + 2 ** bit < words.length ? tree(low + 2 ** bit, bit - 1) : undefined];
    return above === undefined ? below : chosen(logic, index[bit] ?? never, above, below);
  };
  return resized(tree(0, Math.ceil(Math.log2(Math.max(1, words.length))) - 1), width, false);
}

function shiftedLeft(logic: Logic, word: Word, amount: Word): Word {
  return amount.reduce((now, bit, i) => chosen(logic, bit, now.map((_, place) => now[place - 2 ** i] ?? never), now), word);
}

function shiftedRight(logic: Logic, word: Word, amount: Word, signed: boolean): Word {
  const fill = signed ? word.at(-1) ?? never : never;
  return amount.reduce((now, bit, i) => chosen(logic, bit, now.map((_, place) => now[place + 2 ** i] ?? fill), now), word);
}
