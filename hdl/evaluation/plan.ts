import { driverExpressions, isSignal } from '../check.js';
import type { Expression } from '../expression.js';
import type { Memory } from '../memory.js';
import { checkingDomain, type Expectation, type Module } from '../module.js';
import { layoutOf, placesOf, portOf, visit, type Layout, type Place as AnyPlace, type Vertex as AnyVertex } from '../places.js';
import type { ClockDomain, RegisterDetail, Signal } from '../signal.js';
import type { ScalarType } from '../type.js';
import { blockCode } from './block-code.js';
import { joinCode, nodeCode, partCode, type Code } from './node-code.js';

/** A reset as the evaluator sees it: active where its slot holds `activeValue`. */
export interface PlannedReset {
  readonly slot: number;
  readonly activeValue: bigint;
  readonly style: 'sync' | 'async';
}

/** A register: what it takes at an edge of `clock`, a port of the top. */
export interface PlannedRegister {
  readonly clock: string;
  readonly type: ScalarType;
  readonly slot: number;
  readonly reset: (PlannedReset & { readonly value: bigint }) | undefined;
  readonly enable: number | undefined;
  readonly next:
    | { readonly kind: 'slot'; readonly slot: number }
    /** Starts from the register's own value in `slot`; the code changes it. */
    | { readonly kind: 'block'; readonly slot: number; readonly code: Code }
    | { readonly kind: 'memory'; readonly memory: PlannedMemory; readonly address: number };
}

/** A memory in one place of the hierarchy. */
export interface PlannedMemory {
  readonly memory: Memory;
  readonly words: bigint[];
}

export interface PlannedWrite {
  readonly clock: string;
  readonly memory: PlannedMemory;
  readonly address: number;
  readonly data: number;
  readonly enable: number | undefined;
}

export interface PlannedExpectation {
  /** The clock at whose edges it is checked; undefined for one of a design without clocks. */
  readonly clock: string | undefined;
  readonly reset: PlannedReset | undefined;
  readonly value: number;
  readonly when: number | undefined;
  readonly expectation: Expectation;
  /** The instance that it stands in, such as `mac_tree.left`. */
  readonly path: string;
}

/** A whole design, flattened: slots, and the code that computes them in order. */
export interface Plan {
  readonly slotCount: number;
  /** Slots of constants, with their values. */
  readonly constants: readonly (readonly [slot: number, value: bigint])[];
  /** Computes every combinational slot, each after those that it needs. */
  readonly settle: readonly Code[];
  /** The slots of each port of the top, one for each scalar. */
  readonly ports: ReadonlyMap<string, readonly number[]>;
  readonly registers: readonly PlannedRegister[];
  readonly memories: readonly PlannedMemory[];
  readonly writes: readonly PlannedWrite[];
  readonly expectations: readonly PlannedExpectation[];
}

/** Of each node its slot, of each signal one slot for each scalar. */
type Place = AnyPlace<number, readonly number[]>;
type Vertex = AnyVertex<number, readonly number[]>;

/** Flattens a design. Linear in the number of its nodes over the whole hierarchy, without recursion over expressions. */
export function plan(top: Module): Plan {
  return new Planner(top).finish();
}

class Planner {
  private readonly places: readonly [Place, ...Place[]];
  private readonly memories = new Map<Place, Map<Memory, PlannedMemory>>();
  private readonly settle: Code[] = [];
  private readonly constants: (readonly [number, bigint])[] = [];
  private readonly registers: PlannedRegister[] = [];
  private readonly writes: PlannedWrite[] = [];
  private readonly expectations: PlannedExpectation[] = [];
  private slotCount = 0;

  constructor(top: Module) {
    this.places = placesOf(top);
  }

  finish(): Plan {
    for (const place of this.places) this.allocateState(place);
    for (const place of this.places) this.complete(place);
    const [root] = this.places;
    const ports = new Map(root.module.ports.map(({ signal }) => [signal.name, this.elementsOf(root, signal)]));
    return {
      slotCount: this.slotCount, constants: this.constants, settle: this.settle, ports,
      registers: this.registers, writes: this.writes, expectations: this.expectations,
      memories: [...this.memories.values()].flatMap(ofPlace => [...ofPlace.values()]),
    };
  }

  /** Slots of what holds its value by itself: inputs of the top, registers, memories. */
  private allocateState(place: Place): void {
    const { module, signals } = place;
    if (place.parent === undefined) {
      for (const { signal, direction } of module.ports) {
        if (direction === 'input') signals.set(signal, this.slots(layoutOf(signal.type).count));
      }
    }
    for (const signal of module.signals) if (signal.kind === 'register') signals.set(signal, this.slots(1));
    this.memories.set(place, new Map(module.memories.map(memory => [memory, { memory, words: [] }])));
  }

  private complete(place: Place): void {
    const { module } = place;
    for (const signal of [...module.order, ...module.signals]) this.visit({ place, item: signal });
    for (const signal of module.signals) {
      if (signal.register !== undefined) this.completeRegister(place, signal, signal.register);
    }
    for (const memory of module.memories) {
      for (const { domain, address, data, enable } of memory.writes) {
        this.writes.push({
          clock: this.clockOf(place, domain.clock), memory: this.memoryOf(place, memory),
          address: this.nodeSlot(place, address), data: this.nodeSlot(place, data),
          enable: enable === undefined ? undefined : this.nodeSlot(place, enable),
        });
      }
    }
    for (const expectation of module.expectations) this.completeExpectation(place, expectation);
  }

  private completeRegister(place: Place, signal: Signal, register: RegisterDetail): void {
    const { domain, resetValue, enable } = register;
    const reset = resetValue === undefined ? undefined : this.resetOf(place, domain);
    const slot = this.elementsOf(place, signal)[0] ?? 0;
    if (signal.type.kind === 'vec' || signal.type.kind === 'clock') throw new TypeError(`register '${signal.name}' is not a scalar`);
    this.registers.push({
      clock: this.clockOf(place, domain.clock), type: signal.type, slot,
      reset: reset === undefined || resetValue === undefined ? undefined : { ...reset, value: resetValue },
      enable: enable === undefined ? undefined : this.nodeSlot(place, enable),
      next: this.nextOf(place, signal, register),
    });
  }

  private nextOf(place: Place, signal: Signal, { read }: RegisterDetail): PlannedRegister['next'] {
    if (read !== undefined) {
      return { kind: 'memory', memory: this.memoryOf(place, read.memory), address: this.nodeSlot(place, read.address) };
    }
    for (const node of driverExpressions(signal)) this.visit({ place, item: node });
    const { block, drivers: [driver] } = signal;
    if (block === undefined) {
      return { kind: 'slot', slot: driver === undefined ? this.elementsOf(place, signal)[0] ?? 0 : this.nodeSlot(place, driver.value) };
    }
    const slot = this.newSlot();
    return { kind: 'block', slot, code: blockCode(block, { of: node => this.nodeSlot(place, node), targetOf: () => slot }) };
  }

  private completeExpectation(place: Place, expectation: Expectation): void {
    const { value, when } = expectation;
    const domain = checkingDomain(place.module, expectation);
    this.expectations.push({
      clock: domain === undefined ? undefined : this.clockOf(place, domain.clock),
      reset: domain === undefined ? undefined : this.resetOf(place, domain),
      value: this.nodeSlot(place, value),
      when: when === undefined ? undefined : this.nodeSlot(place, when),
      expectation, path: place.path,
    });
  }

  private resetOf(place: Place, { reset }: ClockDomain): PlannedReset | undefined {
    if (reset === undefined) return undefined;
    return { slot: this.nodeSlot(place, reset.value), activeValue: reset.activeLow ? 0n : 1n, style: reset.style };
  }

  /** The port of the top that a clock comes from. */
  private clockOf(place: Place, clock: Signal): string {
    let [here, signal] = [place, clock];
    while (here.parent !== undefined) {
      const source = here.parent.instance.inputs.get(signal.name);
      if (source === undefined || !isSignal(source)) throw new TypeError(`clock '${signal.name}' of ${here.path} is not connected`);
      [here, signal] = [here.parent.place, source];
    }
    return signal.name;
  }

  private memoryOf(place: Place, memory: Memory): PlannedMemory {
    const planned = this.memories.get(place)?.get(memory);
    if (planned === undefined) throw new TypeError(`memory '${memory.name}' is not in ${place.path}`);
    return planned;
  }

  private elementsOf(place: Place, signal: Signal): readonly number[] {
    if (!place.signals.has(signal)) this.visit({ place, item: signal });
    return place.signals.get(signal) ?? [];
  }

  private nodeSlot(place: Place, node: Expression): number {
    if (!place.nodes.has(node)) this.visit({ place, item: node });
    return place.nodes.get(node) ?? 0;
  }

  /** Plans all that `start` needs, then itself. */
  private visit(start: Vertex): void {
    visit(start, ({ place, item }) => {
      if (isSignal(item)) place.signals.set(item, this.planSignal(place, item));
      else place.nodes.set(item, this.planNode(place, item));
    });
  }

  /** The slots of a signal whose drivers are planned: those of its drivers where it is driven, its own where it is set. */
  private planSignal(place: Place, signal: Signal): readonly number[] {
    if (signal.source !== undefined) {
      const { instance, port } = signal.source;
      const child = place.children.get(instance);
      return child === undefined ? [] : this.elementsOf(child, portOf(child.module, port));
    }
    const layout = layoutOf(signal.type);
    if (signal.kind === 'input') {
      const connection = place.parent?.instance.inputs.get(signal.name);
      if (place.parent === undefined || connection === undefined || isSignal(connection)) return [];
      return this.split(place.parent.place, connection, layout);
    }
    if (signal.block !== undefined) {
      const slots = this.slots(layout.count);
      this.settle.push(blockCode(signal.block, {
        of: node => this.nodeSlot(place, node),
        targetOf: ({ low }) => slots[low / layout.width] ?? 0,
      }));
      return slots;
    }
    const slots = new Array<number>(layout.count).fill(0);
    for (const { low, value } of signal.drivers) slots[low / layout.width] = this.nodeSlot(place, value);
    return slots;
  }

  /** The scalars of a packed value. */
  private split(place: Place, packed: Expression, layout: Layout): readonly number[] {
    const { count, width, type } = layout;
    if (type === undefined) return [];
    if (count === 1) return [this.nodeSlot(place, packed)];
    const { signal, low = 0 } = packed.detail;
    if (packed.op === 'read' && signal !== undefined) {
      const source = layoutOf(signal.type);
      if (source.width === width && source.type?.signed === type.signed && low % width === 0) {
        return this.elementsOf(place, signal).slice(low / width, low / width + count);
      }
    }
    const from = this.nodeSlot(place, packed);
    return Array.from({ length: count }, (_, i) => this.emit(to => partCode(from, i * width, type, to)));
  }

  private planNode(place: Place, node: Expression): number {
    if (node.constant !== undefined) {
      const slot = this.newSlot();
      this.constants.push([slot, node.constant]);
      return slot;
    }
    const from = node.args.map(arg => this.nodeSlot(place, arg));
    const [a = 0] = from;
    switch (node.op) {
      case 'read': return this.planRead(place, node);
      case 'extend': return a;
      case 'memory': {
        const { memory } = node.detail;
        if (memory === undefined) throw new TypeError('a read without a memory');
        const { words } = this.memoryOf(place, memory);
        return this.emit(to => v => { v[to] = words[Number(v[a] ?? 0n)] ?? 0n; });
      }
      default: return this.emit(to => nodeCode(node, from, to));
    }
  }

  private planRead(place: Place, node: Expression): number {
    const { signal, low = 0 } = node.detail;
    if (signal === undefined) throw new TypeError('a read without a signal');
    const { width, type } = layoutOf(signal.type);
    const first = Math.floor(low / width);
    const last = Math.floor((low + node.width - 1) / width);
    const from = this.elementsOf(place, signal).slice(first, last + 1);
    const [only = 0] = from;
    if (from.length > 1) return this.emit(to => joinCode(from, width, low - first * width, node.type, to));
    if (node.width === width && type?.signed === node.type.signed) return only;
    return this.emit(to => partCode(only, low - first * width, node.type, to));
  }

  private emit(make: (to: number) => Code): number {
    const to = this.newSlot();
    this.settle.push(make(to));
    return to;
  }

  private newSlot(): number {
    return this.slotCount++;
  }

  private slots(count: number): readonly number[] {
    return Array.from({ length: count }, () => this.newSlot());
  }
}
