import {
  driverExpressions, isSignal, placesOf, visit, type Block, type Choose, type Design, type Expression, type Memory, type Module, type Place, type RegisterDetail, type Signal,
} from '../../hdl/index.js';
import { Arithmetic, type Word } from './arithmetic.js';
import type { HardMultiplier, MemoryCells, MemoryPort, Origin, PortBits, Primitive, RegisterBit } from './circuit.js';
import type { Device } from './device.js';
import { Logic, always, inverted, never, nodeOf, type Literal } from './logic.js';
import { chosen, constantWord, resized, selected, wordOf, type Workshop } from './operations.js';

/** A design as logic of single bits and the cells between. */
export interface Circuit {
  readonly logic: Logic;
  /** What drives the sources that are no inputs. */
  readonly origins: ReadonlyMap<number, Origin>;
  readonly inputs: PortBits;
  readonly outputs: PortBits;
  readonly registers: readonly RegisterBit[];
  /** The registers of the top module, low bit first. */
  readonly registersOfTop: ReadonlyMap<Signal, readonly RegisterBit[]>;
}

/** The narrowest product that is given to a hard multiplier. */
const leastHardProduct = { ice40: 11, ecp5: 9, xc7: 9 } as const;

/**
 * Flattens a design to bits, for a device.
 * @param dsp whether products go into hard multipliers
 */
export function blast(design: Design, device: Device, dsp: boolean): Circuit {
  return new Blaster(design, device, dsp).finish();
}

type BitPlace = Place<Word, Word>;

class Blaster {
  private readonly logic = new Logic();
  private readonly arithmetic: Arithmetic;
  private readonly shop: Workshop;
  private readonly places: readonly [BitPlace, ...BitPlace[]];
  private readonly registers = new Map<BitPlace, Map<Signal, readonly RegisterBit[]>>();
  private readonly memories = new Map<BitPlace, Map<Memory, MemoryCells>>();
  private readonly reads = new Map<BitPlace, { readonly address: Expression; readonly complete: (address: Word) => void }[]>();
  private readonly primitives = new Map<BitPlace, Map<unknown, Primitive>>();
  /** The bits of memories that are made of flip-flops, word by word. */
  private readonly words = new Map<MemoryCells, readonly (readonly RegisterBit[])[]>();
  /** What is left to be connected when all values are known: writes into memories. */
  private readonly unconnected: (() => void)[] = [];
  private readonly device: Device;

  constructor({ top }: Design, device: Device, dsp: boolean) {
    const arithmetic = new Arithmetic(this.logic, device);
    this.arithmetic = arithmetic;
    this.device = device;
    this.shop = {
      logic: this.logic, arithmetic,
      hardProduct: (a, b, signed, width) => dsp && a.length > 1 && b.length > 1 && width >= leastHardProduct[device.name] ? this.hardProduct(a, b, signed, width) : undefined,
    };
    this.places = placesOf(top, isPrimitive);
  }

  finish(): Circuit {
    const [root] = this.places;
    for (const { signal, direction } of root.module.ports) {
      if (direction === 'input') root.signals.set(signal, Array.from({ length: signal.width }, () => this.logic.source()));
    }
    for (const place of this.places) this.allocate(place);
    for (const place of this.places) this.complete(place);
    for (let connect = this.unconnected.pop(); connect !== undefined; connect = this.unconnected.pop()) connect();
    const bits = (wanted: 'input' | 'output'): PortBits => new Map(root.module.ports
      .filter(({ direction, signal }) => direction === wanted && signal.type.kind !== 'clock').map(({ signal }) => [signal.name, this.signalWord(root, signal)]));
    return {
      logic: this.logic, origins: this.arithmetic.origins, inputs: bits('input'), outputs: bits('output'),
      registers: [...this.registers.values()].flatMap(ofPlace => [...ofPlace.values()].flat()),
      registersOfTop: this.registers.get(root) ?? new Map(),
    };
  }

  /** What holds its value by itself. */
  private allocate(place: BitPlace): void {
    const { module } = place;
    this.memories.set(place, new Map(module.memories.map(memory => [memory, { depth: memory.depth, width: memory.type.width, inputs: [], isRegistered: true }])));
    const registers = new Map<Signal, readonly RegisterBit[]>();
    for (const signal of module.signals) {
      const { register } = signal;
      if (register === undefined) continue;
      if (register.read !== undefined) {
        // What is read may be where it is read next.
        place.signals.set(signal, this.readRegister(place, register.read));
        continue;
      }
      const bits = Array.from({ length: signal.width }, () => this.registerBit());
      registers.set(signal, bits);
      place.signals.set(signal, bits.map(bit => 2 * bit.output));
    }
    this.registers.set(place, registers);
  }

  private registerBit(): RegisterBit {
    const bit = { kind: 'register' as const, output: 0, next: never, enable: always, reset: never };
    bit.output = this.arithmetic.driven(bit);
    return bit;
  }

  private complete(place: BitPlace): void {
    const { module } = place;
    for (const signal of [...module.order, ...module.signals]) this.visit(place, signal);
    for (const [signal, bits] of this.registers.get(place) ?? []) {
      if (signal.register !== undefined) this.completeRegister(place, signal, signal.register, bits);
    }
    for (const { address, complete } of this.reads.get(place) ?? []) complete(this.nodeWord(place, address));
    for (const memory of module.memories) {
      const cells = this.cellsOf(place, memory);
      for (const { address, data, enable } of memory.writes) {
        const needs = [address, data, ...(enable === undefined ? [] : [enable])];
        cells.inputs.push(...needs.flatMap(node => this.nodeWord(place, node)));
      }
    }
  }

  private completeRegister(place: BitPlace, signal: Signal, { domain, resetValue, enable }: RegisterDetail, bits: readonly RegisterBit[]): void {
    const reset = resetValue === undefined || domain.reset === undefined ? never : this.nodeWord(place, domain.reset.value)[0] ?? never;
    const given = enable === undefined ? always : this.nodeWord(place, enable)[0] ?? always;
    const held = place.signals.get(signal) ?? [];
    const { next, changes } = this.nextOf(place, signal, held);
    for (const [i, bit] of bits.entries()) {
      bit.next = next[i] ?? never;
      bit.enable = this.logic.and(given, changes);
      bit.reset = domain.reset?.activeLow === true && resetValue !== undefined ? inverted(reset) : reset;
    }
  }

  /** What a register takes, and when: where it is only set under one condition, that is its enable. */
  private nextOf(place: BitPlace, signal: Signal, held: Word): { readonly next: Word; readonly changes: Literal } {
    for (const node of driverExpressions(signal)) this.visit(place, node);
    const { block, drivers: [driver] } = signal;
    if (block === undefined) return { next: driver === undefined ? held : resized(this.nodeWord(place, driver.value), signal.width, driver.value.type.signed), changes: always };
    const [only] = block.statements;
    if (block.statements.length === 1 && only?.kind === 'choose' && only.branches.size === 1 && only.choice.kind === 'when') {
      const [[index, inner] = [0, block]] = only.branches;
      return { next: this.after(place, inner, held), changes: this.conditionsOf(place, only)[index] ?? never };
    }
    return { next: this.after(place, block, held), changes: always };
  }

  private visit(start: BitPlace, item: Expression | Signal): void {
    visit({ place: start, item }, vertex => {
      if (isSignal(vertex.item)) vertex.place.signals.set(vertex.item, this.makeSignal(vertex.place, vertex.item));
      else vertex.place.nodes.set(vertex.item, this.makeNode(vertex.place, vertex.item));
    });
  }

  private nodeWord(place: BitPlace, node: Expression): Word {
    if (!place.nodes.has(node)) this.visit(place, node);
    return place.nodes.get(node) ?? [];
  }

  private signalWord(place: BitPlace, signal: Signal): Word {
    if (!place.signals.has(signal)) this.visit(place, signal);
    return place.signals.get(signal) ?? [];
  }

  private makeSignal(place: BitPlace, signal: Signal): Word {
    if (signal.source !== undefined) {
      const { instance, port } = signal.source;
      const child = place.children.get(instance);
      if (child === undefined) return this.primitiveOf(place, instance).outputs.get(port)?.map(node => 2 * node) ?? [];
      return this.signalWord(child, child.module.ports.find(each => each.signal.name === port)?.signal ?? signal);
    }
    if (signal.kind === 'input') {
      const connection = place.parent?.instance.inputs.get(signal.name);
      if (place.parent === undefined || connection === undefined || isSignal(connection)) return [];
      return this.nodeWord(place.parent.place, connection);
    }
    const word = new Array<Literal>(signal.width).fill(never);
    if (signal.block !== undefined) return this.after(place, signal.block, word);
    for (const { low, width, value } of signal.drivers) word.splice(low, width, ...resized(this.nodeWord(place, value), width, value.type.signed));
    return word;
  }

  private makeNode(place: BitPlace, node: Expression): Word {
    if (node.constant !== undefined) return constantWord(node.constant, node.width);
    const { signal, low = 0, memory } = node.detail;
    if (node.op === 'read' && signal !== undefined) return this.signalWord(place, signal).slice(low, low + node.width);
    const args = node.args.map(arg => this.nodeWord(place, arg));
    if (node.op === 'memory' && memory !== undefined) return this.readWord(place, memory, args[0] ?? []);
    return wordOf(node, args, this.shop);
  }

  /** The value of a target after assignments in the order of writing, `before` them being another. */
  private after(place: BitPlace, block: Block, before: Word): Word {
    let now = before;
    for (const statement of block.statements) {
      if (statement.kind === 'set') {
        const { low, width, value } = statement;
        now = now.toSpliced(low, width, ...resized(this.nodeWord(place, value), width, value.type.signed));
        continue;
      }
      const start = now;
      const conditions = this.conditionsOf(place, statement);
      for (const [index, branch] of statement.branches) now = chosen(this.logic, conditions[index] ?? never, this.after(place, branch, start), now);
    }
    return now;
  }

  /** When each branch is taken; one at most is. */
  private conditionsOf(place: BitPlace, { choice }: Choose): readonly Literal[] {
    const { logic } = this;
    if (choice.kind === 'when') {
      let left: Literal = always;
      return choice.conditions.map(condition => {
        const holds = condition === undefined ? always : this.nodeWord(place, condition)[0] ?? never;
        const taken = logic.and(left, holds);
        left = logic.and(left, inverted(holds));
        return taken;
      });
    }
    const subject = this.nodeWord(place, choice.subject);
    const taken = choice.labels.map(labels => labels === undefined ? undefined
      : logic.any(labels.map(label => this.arithmetic.isEqual(subject, constantWord(label, subject.length)))));
    const none = inverted(logic.any(taken.filter(each => each !== undefined)));
    return taken.map(each => each ?? none);
  }

  private primitiveOf(place: BitPlace, instance: Module['instances'][number]): Primitive {
    const ofPlace = this.primitives.get(place) ?? new Map<unknown, Primitive>();
    this.primitives.set(place, ofPlace);
    const known = ofPlace.get(instance);
    if (known !== undefined) return known;
    const { module } = instance;
    const inputs = new Map<string, Word>();
    for (const [port, value] of instance.inputs) if (!isSignal(value)) inputs.set(port, this.nodeWord(place, value));
    const outputs = new Map<string, readonly number[]>();
    const made: Primitive = { kind: 'primitive', module, inputs, outputs };
    for (const { signal, direction } of module.ports) {
      if (direction === 'output') outputs.set(signal.name, Array.from({ length: signal.width }, (_, i) => this.arithmetic.driven(made, i)));
    }
    ofPlace.set(instance, made);
    return made;
  }

  private cellsOf(place: BitPlace, memory: Memory): MemoryCells {
    const cells = this.memories.get(place)?.get(memory);
    if (cells === undefined) throw new TypeError(`memory '${memory.name}' is not in ${place.path}`);
    return cells;
  }

  /** The word at an address, at once. */
  private readWord(place: BitPlace, memory: Memory, address: Word): Word {
    if (isRom(memory)) return this.romWord(memory, address);
    const cells = this.cellsOf(place, memory);
    cells.isRegistered = false;
    return this.readPort(cells, address, false);
  }

  /** The register behind a memory; its address is completed later. */
  private readRegister(place: BitPlace, { memory, address }: { readonly memory: Memory; readonly address: Expression }): Word {
    const reads = this.reads.get(place) ?? [];
    this.reads.set(place, reads);
    if (isRom(memory)) {
      const bits = Array.from({ length: memory.type.width }, () => this.registerBit());
      reads.push({ address, complete: at => {
        const word = this.romWord(memory, at);
        for (const [i, bit] of bits.entries()) bit.next = word[i] ?? never;
      } });
      return bits.map(bit => 2 * bit.output);
    }
    const cells = this.cellsOf(place, memory);
    const { memoryInFlipFlops, guardsOldWords } = this.device;
    const { collisions, style } = memory.options;
    if (style === undefined && cells.depth * cells.width <= memoryInFlipFlops) {
      const [words, bits] = [this.flipFlopsOf(place, memory, cells).map(outputsOf), this.registerBits(cells.width)];
      reads.push({ address, complete: at => { selected(this.logic, at, words, cells.width).forEach((next, i) => { (bits[i] ?? { next }).next = next; }); } });
      return outputsOf(bits);
    }
    const at: Literal[] = [];
    reads.push({ address, complete: word => at.push(...word) });
    const [write] = memory.writes;
    const word = this.readPort(cells, at, true);
    if (!guardsOldWords || collisions === 'unused' || write === undefined) return word;
    const guarded = this.guarded(place, cells, write, word);
    reads.push({ address, complete: guarded.complete });
    return guarded.word;
  }

  private romWord({ contents, type }: Memory, address: Word): Word {
    return selected(this.logic, address, (contents ?? []).map(each => constantWord(each, type.width)), type.width);
  }

  private readPort(cells: ReturnType<Blaster['cellsOf']>, address: Word, isRegistered: boolean): Word {
    const word: number[] = [];
    const port: MemoryPort = { kind: 'memory', memory: cells, address, isRegistered, word };
    for (let i = 0; i < cells.width; i++) word.push(this.arithmetic.driven(port, i));
    return word.map(node => 2 * node);
  }

  /** The bits of a small memory, word by word. */
  private flipFlopsOf(place: BitPlace, memory: Memory, cells: MemoryCells): readonly (readonly RegisterBit[])[] {
    const known = this.words.get(cells);
    if (known !== undefined) return known;
    const words = Array.from({ length: cells.depth }, () => this.registerBits(cells.width));
    this.words.set(cells, words);
    this.unconnected.push(() => { this.connectFlipFlops(place, memory, words); });
    return words;
  }

  private connectFlipFlops(place: BitPlace, memory: Memory, words: readonly (readonly RegisterBit[])[]): void {
    const { logic } = this;
    const writes = memory.writes.map(write => this.writeOf(place, write));
    words.forEach((word, i) => {
      const hits = writes.map(({ address, enable }) => logic.and(enable, this.arithmetic.isEqual(address, constantWord(BigInt(i), address.length))));
      word.forEach((bit, j) => {
        bit.next = writes.reduce((value, { data }, port) => port === 0 ? data[j] ?? never : logic.mux(hits[port] ?? never, data[j] ?? never, value), never);
        bit.enable = logic.any(hits);
      });
    });
  }

  /**
   * A word of a block memory that gives something undefined where it is written at the same edge: it is written an edge later, and the word goes past it where it is read just then.
   * @returns the word, and what completes it where its address is known
   */
  private guarded(place: BitPlace, { width }: MemoryCells, write: Memory['writes'][number], word: Word): { readonly word: Word; readonly complete: (address: Word) => void } {
    const { logic } = this;
    const [data, past, hit, enable] = [this.registerBits(width), this.registerBits(width), this.registerBit(), this.registerBit()];
    data.forEach((bit, i) => { (past[i] ?? bit).next = 2 * bit.output; });
    return {
      word: word.map((bit, i) => logic.mux(2 * hit.output, 2 * (past[i]?.output ?? 0), bit)),
      complete: address => {
        const later = this.registerBits(address.length);
        hit.next = logic.and(2 * enable.output, this.arithmetic.isEqual(address, outputsOf(later)));
        this.unconnected.push(() => {
          const found = this.writeOf(place, write);
          later.forEach((bit, i) => { bit.next = found.address[i] ?? never; });
          data.forEach((bit, i) => { bit.next = found.data[i] ?? never; });
          enable.next = found.enable;
        });
      },
    };
  }

  private writeOf(place: BitPlace, { address, data, enable }: Memory['writes'][number]): { readonly address: Word; readonly data: Word; readonly enable: Literal } {
    return { address: this.nodeWord(place, address), data: this.nodeWord(place, data), enable: enable === undefined ? always : this.nodeWord(place, enable)[0] ?? always };
  }

  private registerBits(width: number): readonly RegisterBit[] {
    return Array.from({ length: width }, () => this.registerBit());
  }

  private hardProduct(a: Word, b: Word, signed: readonly [boolean, boolean], width: number): Word {
    const product: number[] = [];
    const cell: HardMultiplier = { kind: 'multiplier', a, b, signed, product };
    for (let i = 0; i < width; i++) product.push(this.arithmetic.driven(cell, i));
    return product.map(node => 2 * node);
  }
}

function isRom({ contents, writes }: Memory): boolean {
  return contents !== undefined && writes.length === 0;
}

function isPrimitive(module: Module): boolean {
  return module.generator.blackbox !== undefined;
}

function outputsOf(bits: readonly RegisterBit[]): Word {
  return bits.map(({ output }) => 2 * output);
}

/** The node of each bit of a word. */
export function nodesOf(word: Word): readonly number[] {
  return word.map(nodeOf);
}
