import type { Network } from './network.js';
import { coneOf, countingWord, evaluate } from './simulate.js';

export interface WindowLimits {
  /** Inputs that a window may have. */
  readonly inputs: number;
  /** Words of 32 patterns that all windows together may take. */
  readonly words: number;
  /** As `performance.now()` counts: no window is begun later. */
  readonly deadline: number;
}

/** Patterns that are looked at in one go: 2^16. */
const chunkInputs = 16;

/**
 * Nodes that depend on few inputs, and are equal for all values of these: every pattern is tried.
 * @param isOf whether a node belongs to the first and to the second design; a window with nothing that is of one alone teaches nothing, and is left out
 * @param ends nodes that are looked at from outside
 * @returns for each node that leaves its window the lowest such one that it is equal to. Nodes within a window stay apart: an adder of which half the sums are another's and the carries its own
 *   would no longer be one.
 */
export function equalInWindows(network: Network, isOf: (node: number) => readonly [first: boolean, second: boolean], ends: Iterable<number>, limits: WindowLimits): Int32Array {
  const same = Int32Array.from({ length: network.size }, (_, index) => index);
  const windows = windowsOf(network, limits.inputs);
  const leaves = leavingNodes(network, windows, ends);
  let { words } = limits;
  for (const { inputs, nodes } of windows) {
    const sides = nodes.map(isOf);
    if (!sides.some(([first, second]) => first && !second) || !sides.some(([first, second]) => second && !first)) continue;
    words -= nodes.length * Math.max(1, 2 ** (inputs.length - 5));
    if (words < 0 || performance.now() > limits.deadline) break;
    for (const members of equalIn(network, inputs, nodes)) {
      const [first = 0, ...rest] = members.filter(node => node === 0 || leaves.has(node));
      for (const node of rest) same[node] = first;
    }
  }
  return same;
}

interface Window {
  readonly inputs: readonly number[];
  /** What depends on nothing else, in ascending order. */
  readonly nodes: readonly number[];
}

/** Windows so wide that every node of few inputs is in one. */
function windowsOf(network: Network, most: number): readonly Window[] {
  const supports: (readonly number[] | undefined)[] = [[]];
  const bySupport = new Map<string, { readonly inputs: readonly number[]; readonly nodes: number[] }>();
  for (let index = 1; index < network.size; index++) {
    const support = network.isInput(index) ? [index] : joined(network.node(index).fanins.map(fanin => supports[fanin]), most);
    supports.push(support);
    if (support === undefined) continue;
    const key = support.join();
    const group = bySupport.get(key) ?? { inputs: support, nodes: [] };
    group.nodes.push(index);
    bySupport.set(key, group);
  }
  const windows: { readonly inputs: readonly number[]; readonly set: ReadonlySet<number>; readonly nodes: number[] }[] = [];
  const byInput = new Map<number, typeof windows>();
  for (const { inputs, nodes } of [...bySupport.values()].sort((a, b) => b.inputs.length - a.inputs.length)) {
    const [first = 0] = inputs;
    const home = byInput.get(first)?.find(({ set }) => inputs.every(each => set.has(each)));
    if (home !== undefined) {
      home.nodes.push(...nodes);
      continue;
    }
    const window = { inputs, set: new Set(inputs), nodes: [...nodes] };
    windows.push(window);
    for (const each of inputs) byInput.set(each, [...(byInput.get(each) ?? []), window]);
  }
  return windows.map(({ inputs, nodes }) => ({ inputs, nodes: nodes.sort((a, b) => a - b) }));
}

/** Nodes with a fanout in no or another window, or that are ends. */
function leavingNodes(network: Network, windows: readonly Window[], ends: Iterable<number>): ReadonlySet<number> {
  const home = new Int32Array(network.size).fill(-1);
  windows.forEach(({ nodes }, window) => {
    for (const node of nodes) home[node] = window;
  });
  const leaving = new Set(ends);
  for (let node = 1; node < network.size; node++) for (const fanin of network.node(node).fanins) if (home[fanin] !== home[node]) leaving.add(fanin);
  return leaving;
}

/** The union of sorted lists; undefined where one is or it gets too long. */
function joined(lists: readonly (readonly number[] | undefined)[], most: number): readonly number[] | undefined {
  const union = new Set<number>();
  for (const list of lists) {
    if (list === undefined) return undefined;
    for (const each of list) union.add(each);
    if (union.size > most) return undefined;
  }
  return [...union].sort((a, b) => a - b);
}

/** Classes of equal nodes, each in ascending order; the constant is one of the nodes. */
function equalIn(network: Network, inputs: readonly number[], nodes: readonly number[]): readonly (readonly number[])[] {
  const count = 2 ** Math.max(0, Math.min(inputs.length, chunkInputs) - 5);
  const chunks = 2 ** Math.max(0, inputs.length - chunkInputs);
  // What they depend on may count to another window.
  const cone = coneOf(network, nodes.map(node => 2 * node));
  const rows = new Map<number, Uint32Array>([0, ...inputs, ...cone].map(node => [node, new Uint32Array(count)]));
  const row = (node: number): Uint32Array => {
    const values = rows.get(node);
    if (values === undefined) throw new RangeError(`node ${node} is outside of its window`);
    return values;
  };
  let classes: readonly (readonly number[])[] = [[0, ...nodes]];
  for (let chunk = 0; chunk < chunks && classes.length > 0; chunk++) {
    inputs.forEach((input, index) => {
      const values = row(input);
      for (let word = 0; word < count; word++) values[word] = countingWord(index, chunk * count + word);
    });
    for (const node of cone) if (node > 0 && !network.isInput(node)) evaluate(network, node, row);
    classes = classes.flatMap(members => split(members, row));
  }
  return classes;
}

/** The parts of a class whose members have the same values; those of one member are left out. */
function split(members: readonly number[], row: (node: number) => Uint32Array): readonly (readonly number[])[] {
  const byHash = new Map<number, number[][]>();
  for (const member of members) {
    const values = row(member);
    let hash = 17;
    for (const word of values) hash = Math.imul(hash, 0x9e37_79b1) ^ word ^ (hash >>> 15);
    const groups = byHash.get(hash) ?? [];
    byHash.set(hash, groups);
    const group = groups.find(([first = 0]) => row(first).every((word, index) => word === values[index]));
    if (group === undefined) groups.push([member]);
    else group.push(member);
  }
  return [...byHash.values()].flat().filter(group => group.length > 1);
}
