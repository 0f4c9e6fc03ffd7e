import { nodeOf, type Network } from './network.js';

/** Values of nodes, 32 patterns a word. */
export type Row = (node: number) => Uint32Array;

/** Writes the values of a node, from those of its fanins, to its row. */
export function evaluate(network: Network, node: number, row: Row): void {
  const { fanins, table } = network.node(node);
  lookUp(table, fanins.map(row), row(node));
}

/** Of more than three inputs one half of the table where the last is 0, and the other where it is 1. */
function lookUp(table: bigint, inputs: readonly Uint32Array[], target: Uint32Array): void {
  const last = inputs.at(-1);
  if (last === undefined || inputs.length <= 3) return lookUpThree(Number(table), inputs, target);
  const rest = inputs.slice(0, -1);
  const half = BigInt(2 ** rest.length);
  const high = new Uint32Array(target.length);
  lookUp(table >> half, rest, high);
  lookUp(BigInt.asUintN(Number(half), table), rest, target);
  for (let i = 0; i < target.length; i++) target[i] = ((last[i] ?? 0) & (high[i] ?? 0)) | (~(last[i] ?? 0) & (target[i] ?? 0));
}

/** Tables of up to three inputs, a missing one being any. */
function lookUpThree(table: number, [first, second, third]: readonly Uint32Array[], target: Uint32Array): void {
  const a = first ?? target;
  const b = second ?? a;
  const c = third ?? a;
  const inputs = third !== undefined ? 3 : second !== undefined ? 2 : first !== undefined ? 1 : 0;
  const entry = (index: number): number => -((table >>> (index & (2 ** inputs - 1))) & 1);
  const [e0, e1, e2, e3, e4, e5, e6, e7] = [entry(0), entry(1), entry(2), entry(3), entry(4), entry(5), entry(6), entry(7)];
  for (let i = 0; i < target.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    const z = c[i] ?? 0;
    const low = (~y & ((~x & e0) | (x & e1))) | (y & ((~x & e2) | (x & e3)));
    const high = (~y & ((~x & e4) | (x & e5))) | (y & ((~x & e6) | (x & e7)));
    target[i] = (~z & low) | (z & high);
  }
}

/** The nodes that some literals depend on, themselves among them, in ascending order. */
export function coneOf(network: Network, literals: readonly number[]): readonly number[] {
  const seen = new Set<number>();
  const open = literals.map(nodeOf);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...network.node(node).fanins);
  }
  return [...seen].sort((a, b) => a - b);
}
