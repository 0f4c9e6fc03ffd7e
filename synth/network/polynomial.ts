import { isComplement, nodeOf, type Literal, type Network } from './network.js';

/** A word as a network gives it, its lowest bit first. */
export type Word = readonly Literal[];

/** How far an attempt may go. */
export interface PolynomialLimits {
  /** Products of nodes in one polynomial. */
  readonly terms: number;
  /** Products that are looked at in all. */
  readonly steps: number;
}

/** Nodes in one product: arithmetic has few, and control many, which come to nothing. */
const mostFactors = 12;

/** What came of an attempt. */
export interface PolynomialAnswer {
  /** False where something is left, or where a limit was reached: then nothing is known. */
  readonly equal: boolean;
  /** Products that were looked at. */
  readonly steps: number;
}

/**
 * Are two words of w bits equal for all inputs? Their difference is taken as a polynomial over nodes, with coefficients modulo 2^w: a bit is 0 or 1, a table is a sum of products of
 * its fanins (x xor y = x + y - 2xy). From the outputs down each node is replaced by its table. In an adder all carries cancel in this, whatever it is built of, so that what is left of sums and
 * products is small; where nothing is left, the words are equal.
 * The method is that of algebraic verification of multipliers (Ciesielski and others, DAC 2015; Ritirc, Biere, Kauers, FMCAD 2017).
 */
export function equalByPolynomial(network: Network, first: Word, second: Word, limits: PolynomialLimits): PolynomialAnswer {
  const difference = new Polynomial(network, first.length);
  difference.addWord(first, 1n);
  difference.addWord(second, -1n);
  return difference.vanishes(limits);
}

/** The nodes of a product, in ascending order; the empty product is 1. A negative number stands for what is no node, see `Frontier`. */
export type Product = readonly number[];

export interface Term {
  readonly product: Product;
  readonly coefficient: bigint;
}

/** Where replacing ends. */
export interface Frontier {
  /** A node that is not replaced. */
  readonly isEnd: (node: number) => boolean;
  /** Replaces a node by what is known of it, by `add`, and says whether it did; else its table takes its place. */
  readonly replace: (node: number, polynomial: Polynomial) => boolean;
}

const inputs: Frontier = { isEnd: () => false, replace: () => false };

interface OpenTerm extends Term {
  coefficient: bigint;
}

/** A polynomial over nodes of a network, with coefficients modulo 2^bits. */
export class Polynomial {
  private readonly terms = new Map<string, OpenTerm>();
  private readonly termsOf = new Map<number, Map<string, OpenTerm>>();
  /** Nodes that may be in a term, by their level. */
  private readonly atLevel: Set<number>[] = [];

  /** Had it a product of too many nodes? */
  private isTooHigh = false;

  constructor(private readonly network: Network, readonly bits: number, private readonly frontier = inputs) {}

  /** Adds a word, its lowest bit as often as is said. */
  addWord(word: Word, times: bigint): void {
    word.forEach((literal, bit) => this.addLiteral(literal, times << BigInt(bit)));
  }

  addLiteral(literal: Literal, weight: bigint): void {
    const node = nodeOf(literal);
    const product = node === 0 ? undefined : [node];
    if (isComplement(literal)) this.add([], weight);
    if (product !== undefined) this.add(product, isComplement(literal) ? -weight : weight);
  }

  /** What a product is multiplied with, from 0 to 2^bits. */
  coefficient(product: Product): bigint {
    return this.terms.get(product.join())?.coefficient ?? 0n;
  }

  /** Is a node in no product but that of itself? */
  isAlone(node: number): boolean {
    return [...this.termsOf.get(node)?.values() ?? []].every(({ product }) => product.length === 1);
  }

  /** What is left; undefined where a limit was reached before nodes of the frontier and inputs alone are left. */
  reduced(limits: PolynomialLimits): readonly Term[] | undefined {
    return this.replaceAll(limits).isDone ? [...this.terms.values()] : undefined;
  }

  vanishes(limits: PolynomialLimits): PolynomialAnswer {
    const { isDone, steps } = this.replaceAll(limits);
    return { equal: isDone && this.terms.size === 0, steps };
  }

  /** Replaces nodes by their tables, the highest first, until nothing is left to replace. */
  private replaceAll(limits: PolynomialLimits): { readonly isDone: boolean; readonly steps: number } {
    let steps = 0;
    for (let level = this.atLevel.length - 1; level > 0; level--) {
      const nodes = this.atLevel[level] ?? new Set<number>();
      for (let [node] = nodes; node !== undefined; [node] = nodes) {
        nodes.delete(node);
        steps += this.expand(node);
        if (steps > limits.steps || this.terms.size > limits.terms || this.isTooHigh) return { isDone: false, steps };
      }
      if (this.terms.size === 0) break;
    }
    return { isDone: true, steps };
  }

  /** @returns the products that it looked at */
  private expand(node: number): number {
    const found = [...this.termsOf.get(node)?.values() ?? []];
    if (found.length === 0 || this.frontier.isEnd(node)) return 0;
    if (this.frontier.replace(node, this)) return found.length;
    const { fanins, table } = this.network.node(node);
    const expansion = expansionOf(table, fanins.length);
    for (const { product, coefficient } of found) {
      this.add(product, -coefficient);
      const rest = product.filter(each => each !== node);
      for (const { places, factor } of expansion) this.add(times(rest, places.map(place => fanins[place] ?? 0)), coefficient * factor);
    }
    return found.length * expansion.length;
  }

  /** @param product in ascending order */
  add(product: Product, weight: bigint): void {
    const key = product.join();
    const before = this.terms.get(key);
    const coefficient = BigInt.asUintN(this.bits, (before?.coefficient ?? 0n) + weight);
    if (before !== undefined && coefficient !== 0n) before.coefficient = coefficient;
    else if (coefficient !== 0n) {
      const term: OpenTerm = { product, coefficient };
      if (product.length > mostFactors) this.isTooHigh = true;
      this.terms.set(key, term);
      for (const node of product) if (node > 0) this.termsWith(node).set(key, term);
    } else if (before !== undefined) {
      this.terms.delete(key);
      for (const node of product) this.termsOf.get(node)?.delete(key);
    }
  }

  private termsWith(node: number): Map<string, OpenTerm> {
    let found = this.termsOf.get(node);
    if (found === undefined) {
      found = new Map<string, OpenTerm>();
      this.termsOf.set(node, found);
    }
    const { level } = this.network.node(node);
    for (let next = this.atLevel.length; next <= level; next++) this.atLevel.push(new Set());
    this.atLevel[level]?.add(node);
    return found;
  }
}

/** The union of two products: a bit times itself is the bit. */
function times(a: Product, b: Product): Product {
  if (b.length === 0) return a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

interface Expansion {
  /** Places of fanins that are multiplied. */
  readonly places: readonly number[];
  readonly factor: bigint;
}

const expansions = new Map<string, readonly Expansion[]>();

/** A table as a sum of products of its fanins. */
function expansionOf(table: bigint, inputs: number): readonly Expansion[] {
  const key = `${inputs}:${table}`;
  let found = expansions.get(key);
  if (found === undefined) {
    const factors = Array.from({ length: 2 ** inputs }, (_, row) => Number((table >> BigInt(row)) & 1n));
    // From each row all of its subsets are subtracted, one input after the other.
    for (let input = 0; input < inputs; input++) {
      for (let row = 0; row < factors.length; row++) if (((row >> input) & 1) === 1) factors[row] = (factors[row] ?? 0) - (factors[row ^ (1 << input)] ?? 0);
    }
    found = factors.flatMap((factor, row) => (factor === 0 ? [] : [{ places: Array.from({ length: inputs }, (_, place) => place).filter(place => ((row >> place) & 1) === 1), factor: BigInt(factor) }]));
    expansions.set(key, found);
  }
  return found;
}
