import type { Circuit } from './blast.js';
import type { Cell, Chain, Primitive } from './circuit.js';
import { withWires, type Delays, type Device } from './device.js';
import { nodeOf } from './logic.js';
import { chainInputs, drivenBy, inputsOf, type Needs } from './needs.js';
import { delayBefore, delayThrough } from './primitives.js';

/** One LUT: what it computes is the node that it is kept under. */
export interface Lut {
  /** Nodes, in ascending order. */
  readonly leaves: readonly number[];
}

/** Logic covered by LUTs. */
export interface Cover {
  /** The LUTs by the node that each computes. */
  readonly luts: ReadonlyMap<number, Lut>;
  /** How many LUTs and sinks read each node. */
  readonly readers: readonly number[];
}

/** Cuts that are kept of each node. */
const cutsKept = 8;
/** Passes that look at depth, at the flow of area, and at exact area. */
const passes = ['depth', 'flow', 'flow', 'exact', 'exact'] as const;

interface Cut {
  readonly leaves: readonly number[];
  /** A bit for each leaf, by its number modulo 32: a quick test of what is contained in what. */
  readonly signature: number;
  arrival: number;
  area: number;
}

/**
 * Covers the logic between sources and sinks by LUTs: by priority cuts, first for depth, then for area where there is time to spare (Mishchenko, Cho,
 * Chatterjee and Brayton, "Combinational and Sequential Mapping with Priority Cuts", 2007).
 */
export function cover(circuit: Circuit, needs: Needs, device: Device): Cover {
  return new Coverer(circuit, needs, device).finish();
}

class Coverer {
  private readonly circuit: Circuit;
  private readonly needs: Needs;
  private readonly device: Device;
  private readonly delays: Delays;
  /** Needed ANDs and needed sources of cells, operands first. */
  private readonly order: readonly number[];
  private readonly lefts: Int32Array;
  private readonly rights: Int32Array;
  private readonly cuts: (readonly Cut[])[];
  private readonly best: (Cut | undefined)[];
  private readonly arrival: Float64Array;
  private readonly required: Float64Array;
  private readonly flow: Float64Array;
  private readonly references: Int32Array;
  private readonly trivial: (readonly Cut[])[];
  private latest = 0;

  constructor(circuit: Circuit, needs: Needs, device: Device) {
    const { logic } = circuit;
    this.circuit = circuit;
    this.needs = needs;
    this.device = device;
    this.delays = withWires(device);
    const order: number[] = [];
    this.lefts = new Int32Array(logic.size).fill(-1);
    this.rights = new Int32Array(logic.size).fill(-1);
    this.references = new Int32Array(logic.size);
    for (let node = 0; node < logic.size; node++) {
      if (needs.nodes[node] !== true) continue;
      const operands = logic.operandsOf(node);
      if (operands === undefined && !circuit.origins.has(node)) continue;
      order.push(node);
      if (operands === undefined) continue;
      const [left, right] = operands.map(nodeOf);
      this.lefts[node] = left ?? 0;
      this.rights[node] = right ?? 0;
      for (const each of [left ?? 0, right ?? 0]) this.references[each] = (this.references[each] ?? 0) + 1;
    }
    for (const { literal } of needs.sinks) this.references[nodeOf(literal)] = (this.references[nodeOf(literal)] ?? 0) + 1;
    this.order = order;
    this.cuts = new Array<readonly Cut[]>(logic.size);
    this.best = new Array<Cut | undefined>(logic.size);
    this.trivial = new Array<readonly Cut[]>(logic.size);
    this.arrival = new Float64Array(logic.size);
    this.required = new Float64Array(logic.size);
    this.flow = new Float64Array(logic.size);
  }

  finish(): Cover {
    for (const pass of passes) this.pass(pass);
    const luts = new Map<number, Lut>();
    for (const node of this.order) {
      const cut = this.best[node];
      if (cut !== undefined && (this.references[node] ?? 0) > 0) luts.set(node, { leaves: cut.leaves });
    }
    return { luts, readers: [...this.references] };
  }

  private pass(kind: typeof passes[number]): void {
    const settled = new Set<Cell>();
    for (const node of this.order) {
      if ((this.lefts[node] ?? -1) < 0) this.settleCell(node, settled);
      else this.chooseCut(node, kind);
    }
    this.latest = this.endOf();
    if (kind !== 'exact') this.countReferences();
    this.setRequired();
  }

  /** Cuts of an AND, best first, and the one that is taken. */
  private chooseCut(node: number, kind: typeof passes[number]): void {
    const isUsed = kind === 'exact' && (this.references[node] ?? 0) > 0;
    const old = this.best[node];
    if (isUsed && old !== undefined) this.release(old);
    const limit = this.required[node] ?? Infinity;
    const candidates = this.merged(this.lefts[node] ?? 0, this.rights[node] ?? 0);
    if (old !== undefined && !candidates.some(cut => sameLeaves(cut.leaves, old.leaves))) candidates.push({ ...old });
    for (const cut of candidates) {
      cut.arrival = this.arrivalOf(cut);
      cut.area = kind === 'exact' ? this.exactArea(cut) : this.flowOf(cut);
    }
    candidates.sort(kind === 'depth'
      ? (x, y) => x.arrival - y.arrival || x.area - y.area || x.leaves.length - y.leaves.length
      : (x, y) => Number(x.arrival > limit) - Number(y.arrival > limit) || (x.arrival > limit ? x.arrival - y.arrival : 0)
        || x.area - y.area || x.arrival - y.arrival || x.leaves.length - y.leaves.length);
    const kept = candidates.slice(0, cutsKept);
    const [chosen] = kept;
    if (chosen === undefined) throw new TypeError('an AND has a cut');
    this.cuts[node] = kept;
    this.best[node] = chosen;
    this.arrival[node] = chosen.arrival;
    this.flow[node] = this.flowOf(chosen) / Math.max(1, this.references[node] ?? 0);
    if (isUsed) this.take(chosen);
  }

  /** When a LUT's output settles; what comes last has the fastest pin. */
  private arrivalOf({ leaves }: Cut): number {
    return this.byArrival(leaves).reduce((most, leaf, pin) => Math.max(most, (this.arrival[leaf] ?? 0) + this.throughPin(pin)), 0);
  }

  private byArrival(leaves: readonly number[]): readonly number[] {
    return leaves.toSorted((x, y) => (this.arrival[y] ?? 0) - (this.arrival[x] ?? 0));
  }

  private throughPin(pin: number): number {
    const { pinDelays, synthesisWire } = this.device;
    return synthesisWire + (pinDelays[pin] ?? 0);
  }

  private weight(leaves: readonly number[]): number {
    return this.device.lutWeights[leaves.length] ?? Infinity;
  }

  private flowOf({ leaves }: Cut): number {
    return leaves.reduce((total, leaf) => total + (this.flow[leaf] ?? 0), this.weight(leaves));
  }

  /** All cuts of two nodes' joined cuts that fit a LUT, none containing another. */
  private merged(left: number, right: number): Cut[] {
    const result: Cut[] = [];
    for (const x of this.cutsOf(left)) {
      for (const y of this.cutsOf(right)) {
        const signature = x.signature | y.signature;
        if (bitCount(signature) > this.device.lutInputs) continue;
        const leaves = union(x.leaves, y.leaves, this.device.lutInputs);
        if (leaves === undefined || result.some(cut => isWithin(cut, leaves, signature))) continue;
        result.push({ leaves, signature, arrival: 0, area: 0 });
      }
    }
    return result;
  }

  /** A node's own cuts, and itself as a leaf. */
  private cutsOf(node: number): readonly Cut[] {
    const known = this.trivial[node] ?? [{ leaves: node === 0 ? [] : [node], signature: node === 0 ? 0 : 1 << (node % 32), arrival: 0, area: 0 }];
    this.trivial[node] = known;
    const own = this.cuts[node];
    return own === undefined ? known : [...own, ...known];
  }

  /** LUTs that come with a cut and would not be there without it. */
  private exactArea(cut: Cut): number {
    const area = this.take(cut);
    this.release(cut);
    return area;
  }

  private take({ leaves }: Cut): number {
    let area = this.weight(leaves);
    for (const leaf of leaves) {
      const before = this.references[leaf] ?? 0;
      this.references[leaf] = before + 1;
      const cut = this.best[leaf];
      if (before === 0 && cut !== undefined) area += this.take(cut);
    }
    return area;
  }

  private release({ leaves }: Cut): void {
    for (const leaf of leaves) {
      const after = (this.references[leaf] ?? 0) - 1;
      this.references[leaf] = after;
      const cut = this.best[leaf];
      if (after === 0 && cut !== undefined) this.release(cut);
    }
  }

  /** How often each node is read by the LUTs that are chosen, and by sinks. */
  private countReferences(): void {
    this.references.fill(0);
    for (const { literal } of this.needs.sinks) this.references[nodeOf(literal)] = (this.references[nodeOf(literal)] ?? 0) + 1;
    for (let i = this.order.length - 1; i >= 0; i--) {
      const node = this.order[i] ?? 0;
      const cut = this.best[node];
      if (cut === undefined || (this.references[node] ?? 0) === 0) continue;
      for (const leaf of cut.leaves) this.references[leaf] = (this.references[leaf] ?? 0) + 1;
    }
  }

  /** When the sources that a cell drives settle. */
  private settleCell(node: number, settled: Set<Cell>): void {
    const cell = this.circuit.origins.get(node)?.cell;
    if (cell === undefined || settled.has(cell)) return;
    settled.add(cell);
    const { delays } = this;
    const at = (literal: number): number => this.arrival[nodeOf(literal)] ?? 0;
    if (cell.kind === 'register') {
      this.arrival[node] = delays.clockToOutput;
      return;
    }
    if (cell.kind === 'chain') {
      this.settleChain(cell, at);
      return;
    }
    if (cell.kind === 'memory' && cell.isRegistered) {
      for (const each of cell.word) this.arrival[each] = delays.memory;
      return;
    }
    if (cell.kind === 'primitive') {
      this.settlePrimitive(cell);
      return;
    }
    const inputs = inputsOf(this.circuit.logic, cell).reduce((most, literal) => Math.max(most, at(literal)), 0);
    for (const each of drivenBy(cell)) this.arrival[each] = inputs + this.through(cell);
  }

  private settleChain(chain: Chain, at: (literal: number) => number): void {
    const { delays } = this;
    const high = this.needs.highest.get(chain) ?? 0;
    let carry = 0;
    for (let place = 0; place <= high; place++) {
      const inputs = chainInputs(this.circuit.logic, chain, place, place + 1).reduce((most, literal) => Math.max(most, at(literal)), 0);
      this.arrival[chain.sums[place] ?? 0] = Math.max(inputs + delays.intoSum, place === 0 ? 0 : carry + delays.outOfChain);
      carry = Math.max(inputs + delays.intoChain, carry + delays.chainBit);
      const out = chain.carries.get(place);
      if (out !== undefined) this.arrival[out] = carry + delays.outOfChain;
    }
  }

  private settlePrimitive(cell: Primitive): void {
    const { circuit: { logic, origins }, delays } = this;
    let latest = 0;
    for (const [port, word] of cell.inputs) {
      for (const literal of word) {
        const node = nodeOf(logic.resolve(literal));
        if (node > 0) latest = Math.max(latest, (this.arrival[node] ?? 0) + delayThrough(cell, port, origins.get(node), delays));
      }
    }
    for (const [port, nodes] of cell.outputs) for (const each of nodes) this.arrival[each] = latest + delayBefore(cell, port, delays);
  }

  private requirePrimitive(cell: Primitive, lower: (node: number, time: number) => void): void {
    const { circuit: { logic, origins }, delays, required } = this;
    let time = Infinity;
    for (const [port, nodes] of cell.outputs) for (const each of nodes) time = Math.min(time, (required[each] ?? Infinity) - delayBefore(cell, port, delays));
    for (const [port, word] of cell.inputs) {
      for (const literal of word) {
        const node = nodeOf(logic.resolve(literal));
        lower(node, time - delayThrough(cell, port, origins.get(node), delays));
      }
    }
  }

  /** Picoseconds through a cell that is neither a chain nor a primitive. */
  private through(cell: Cell): number {
    const { delays } = this;
    switch (cell.kind) {
      case 'multiplier': return delays.multiplier;
      case 'memory': return delays.memory;
      case 'lookahead': return delays.intoChain + cell.carries.length * delays.chainBit + delays.outOfChain;
      default: return delays.lut;
    }
  }

  private endOf(): number {
    return this.needs.sinks.reduce((most, { literal, cell }) => {
      const now = this.arrival[nodeOf(literal)] ?? 0;
      return Math.max(most, cell === undefined ? now : cell.kind === 'register' || cell.kind === 'memory' ? now + this.delays.setup : 0);
    }, 0);
  }

  /** The latest time at which each node may settle, from the end backwards. */
  private setRequired(): void {
    const { required, delays } = this;
    required.fill(Infinity);
    const lower = (node: number, time: number): void => {
      if (time < (required[node] ?? Infinity)) required[node] = time;
    };
    for (const { literal, cell } of this.needs.sinks) {
      if (cell === undefined) lower(nodeOf(literal), this.latest);
      else if (cell.kind === 'register' || cell.kind === 'memory') lower(nodeOf(literal), this.latest - delays.setup);
    }
    const settled = new Set<Cell>();
    for (let i = this.order.length - 1; i >= 0; i--) {
      const node = this.order[i] ?? 0;
      const cut = this.best[node];
      if (cut !== undefined) {
        if ((this.references[node] ?? 0) > 0) {
          this.byArrival(cut.leaves).forEach((leaf, pin) => { lower(leaf, (required[node] ?? Infinity) - this.throughPin(pin)); });
        }
        continue;
      }
      const cell = this.circuit.origins.get(node)?.cell;
      if (cell === undefined || settled.has(cell) || cell.kind === 'register' || (cell.kind === 'memory' && cell.isRegistered)) continue;
      // A cell's sources have ascending numbers: when the lowest one that is needed comes up, all of them are done.
      if (drivenBy(cell).some(other => other < node && this.needs.nodes[other] === true)) continue;
      settled.add(cell);
      if (cell.kind === 'chain') this.requireChain(cell, lower);
      else if (cell.kind === 'primitive') this.requirePrimitive(cell, lower);
      else {
        const time = drivenBy(cell).reduce((least, each) => Math.min(least, required[each] ?? Infinity), Infinity) - this.through(cell);
        for (const literal of inputsOf(this.circuit.logic, cell)) lower(nodeOf(literal), time);
      }
    }
  }

  private requireChain(chain: Chain, lower: (node: number, time: number) => void): void {
    const { required, delays } = this;
    let carry = Infinity;
    for (let place = this.needs.highest.get(chain) ?? 0; place >= 0; place--) {
      const sum = required[chain.sums[place] ?? 0] ?? Infinity;
      const node = chain.carries.get(place);
      const out = node === undefined ? Infinity : (required[node] ?? Infinity) - delays.outOfChain;
      const carryHere = Math.min(carry, out);
      const time = Math.min(sum - delays.intoSum, carryHere - delays.intoChain);
      for (const literal of chainInputs(this.circuit.logic, chain, place, place + 1)) lower(nodeOf(literal), time);
      carry = Math.min(carryHere - delays.chainBit, sum - delays.outOfChain);
    }
  }
}

/** The nodes of two ascending lists; undefined where they are more than `most`. */
function union(x: readonly number[], y: readonly number[], most: number): readonly number[] | undefined {
  const result: number[] = [];
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    const [a, b] = [x[i] ?? Infinity, y[j] ?? Infinity];
    if (a <= b) i++;
    if (b <= a) j++;
    result.push(Math.min(a, b));
    if (result.length > most) return undefined;
  }
  return result;
}

function sameLeaves(x: readonly number[], y: readonly number[]): boolean {
  return x.length === y.length && x.every((leaf, i) => leaf === y[i]);
}

/** Whether all leaves of a cut are among `leaves`. */
function isWithin(cut: Cut, leaves: readonly number[], signature: number): boolean {
  return (cut.signature & ~signature) === 0 && cut.leaves.length <= leaves.length && cut.leaves.every(leaf => leaves.includes(leaf));
}

function bitCount(pattern: number): number {
  let rest = pattern - ((pattern >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
