/** A node of a network, or its complement: twice the number of the node, and 1 more for the complement. */
export type Literal = number;

export const constantFalse: Literal = 0;
export const constantTrue: Literal = 1;

export function nodeOf(literal: Literal): number {
  return literal >> 1;
}

export function isComplement(literal: Literal): boolean {
  return (literal & 1) === 1;
}

export function complement(literal: Literal): Literal {
  return literal ^ 1;
}

/** A node: a table over other nodes, or an input, which has no table. */
export interface Node {
  /** In ascending order, at most six. */
  readonly fanins: readonly number[];
  /** Bit i is the value where fanin j has bit j of i; bit 0 is 0. */
  readonly table: bigint;
  /** Tables on the longest path from the inputs. */
  readonly level: number;
}

const input: Node = { fanins: [], table: 0n, level: 0 };

/** Tables over at most so many fanins are one node. */
export const mostFanins = 6;

/**
 * A combinational network of small tables, each there once. No node depends on a fanin without need, and where all inputs are 0 every node is 0: so nodes that
 * are equal up to a complement are equal.
 */
export class Network {
  private readonly list: Node[] = [input];
  private readonly known = new Map<string, number>();

  get size(): number {
    return this.list.length;
  }

  /** Node 0 is the constant 0. */
  node(index: number): Node {
    const node = this.list[index];
    if (node === undefined) throw new RangeError(`node ${index} of ${this.list.length}`);
    return node;
  }

  isInput(index: number): boolean {
    return index > 0 && this.node(index).fanins.length === 0;
  }

  /** A new input. */
  input(): Literal {
    return 2 * (this.list.push(input) - 1);
  }

  /**
   * The value of a table.
   * @param table bit i is the value where argument j has bit j of i
   */
  gate(args: readonly Literal[], table: bigint): Literal {
    const fanins = [...new Set(args.map(nodeOf))].filter(node => node !== 0).sort((a, b) => a - b);
    return this.reduced(fanins, tableOver(fanins, args, table));
  }

  and(a: Literal, b: Literal): Literal {
    return this.gate([a, b], 0x8n);
  }

  or(a: Literal, b: Literal): Literal {
    return this.gate([a, b], 0xen);
  }

  xor(a: Literal, b: Literal): Literal {
    return this.gate([a, b], 0x6n);
  }

  /** `select ? a : b`. */
  mux(select: Literal, a: Literal, b: Literal): Literal {
    return this.gate([b, a, select], 0xcan);
  }

  /** The sum bit of a full adder. */
  sum(a: Literal, b: Literal, c: Literal): Literal {
    return this.gate([a, b, c], 0x96n);
  }

  /** The carry of a full adder. */
  majority(a: Literal, b: Literal, c: Literal): Literal {
    return this.gate([a, b, c], 0xe8n);
  }

  private reduced(fanins: readonly number[], table: bigint): Literal {
    const spare = fanins.findIndex((_, index) => !dependsOn(table, fanins.length, index));
    if (spare >= 0) return this.reduced(fanins.filter((_, index) => index !== spare), cofactor(table, fanins.length, spare));
    const phase = Number(table & 1n);
    if (fanins.length === 0) return phase;
    const positive = phase === 0 ? table : table ^ ((1n << (1n << BigInt(fanins.length))) - 1n);
    if (fanins.length === 1) return 2 * (fanins[0] ?? 0) + phase;
    const key = `${fanins.join()}:${positive}`;
    let index = this.known.get(key);
    if (index === undefined) {
      index = this.list.push({ fanins, table: positive, level: 1 + Math.max(...fanins.map(fanin => this.node(fanin).level)) }) - 1;
      this.known.set(key, index);
    }
    return 2 * index + phase;
  }
}

/** The table over nodes of what is a table over literals. */
function tableOver(fanins: readonly number[], args: readonly Literal[], table: bigint): bigint {
  const places = args.map(literal => ({ place: fanins.indexOf(nodeOf(literal)), inverted: isComplement(literal) }));
  let result = 0n;
  for (let pattern = 0; pattern < 2 ** fanins.length; pattern++) {
    let row = 0;
    places.forEach(({ place, inverted }, bit) => {
      const value = place >= 0 && ((pattern >> place) & 1) === 1;
      if (value !== inverted) row |= 1 << bit;
    });
    if (((table >> BigInt(row)) & 1n) === 1n) result |= 1n << BigInt(pattern);
  }
  return result;
}

function dependsOn(table: bigint, inputs: number, index: number): boolean {
  for (let pattern = 0; pattern < 2 ** inputs; pattern++) {
    if (((pattern >> index) & 1) === 0 && ((table >> BigInt(pattern)) & 1n) !== ((table >> BigInt(pattern | (1 << index))) & 1n)) return true;
  }
  return false;
}

/** The table without an input that it does not depend on. */
function cofactor(table: bigint, inputs: number, index: number): bigint {
  let result = 0n;
  let row = 0n;
  for (let pattern = 0; pattern < 2 ** inputs; pattern++) {
    if (((pattern >> index) & 1) === 1) continue;
    result |= ((table >> BigInt(pattern)) & 1n) << row;
    row++;
  }
  return result;
}

/**
 * The network with equal nodes made one.
 * @param same the node that stands for each; it is lower or the same
 * @returns the new network, and where each node of the old one is in it
 */
export function merged(network: Network, same: (node: number) => number): { readonly network: Network; readonly place: Int32Array } {
  const result = new Network();
  const place = new Int32Array(network.size);
  for (let index = 1; index < network.size; index++) {
    const stands = same(index);
    const { fanins, table } = network.node(index);
    place[index] = stands < index ? place[stands] ?? 0 : fanins.length === 0 ? result.input() : result.gate(fanins.map(fanin => place[fanin] ?? 0), table);
  }
  return { network: result, place };
}

/** Where a literal of the old network is in the merged one. */
export function moved(literal: Literal, place: Int32Array): Literal {
  return (place[nodeOf(literal)] ?? 0) ^ (literal & 1);
}
