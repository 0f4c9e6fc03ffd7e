import { HdlError, fail } from './error.js';
import { at, type Values } from './evaluation/node-code.js';
import { plan, type Plan, type PlannedExpectation, type PlannedMemory, type PlannedRegister, type PlannedReset } from './evaluation/plan.js';
import type { Design } from './generator.js';
import { meant } from './nearest.js';
import { intervalText, type Interval } from './interval.js';
import type { Port } from './module.js';
import { layoutOf } from './places.js';
import { typeText, type ScalarType, type VecType } from './type.js';

export interface EvaluatorOptions {
  /** What registers and memories without contents hold at first: the value of their type nearest to zero, or any of it. */
  readonly powerUp?: 'zero' | 'random';
  /** Seed of random power-up values; 1 if absent. */
  readonly seed?: number;
}

/** What a port takes: a number, a pattern as a number, true or false, the name of an enumeration's value, a list for a vec. */
export type PortValue = number | bigint | boolean | string | readonly PortValue[];

/** What a port gives: the number (a pattern as an unsigned one, 0 or 1 for bool), the name, or a list for a vec. */
export type EvaluatedValue = bigint | string | readonly EvaluatedValue[];

/** Evaluates a design on exact integers: the whole hierarchy, registers edge by edge. Ports go by their Verilog names. */
export function evaluate(design: Design, options: EvaluatorOptions = {}): Evaluator {
  return new Evaluator(design, options);
}

/** A design under evaluation. */
export class Evaluator {
  private readonly ports: ReadonlyMap<string, Port>;
  private readonly plan: Plan;
  private readonly values: Values;
  private readonly edges: ReadonlyMap<string, Edge>;
  private readonly asynchronous: readonly PlannedRegister[];
  private readonly unclocked: readonly PlannedExpectation[];
  private readonly moduleName: string;
  private settled = false;

  /** @internal */
  constructor({ top }: Design, { powerUp = 'zero', seed = 1 }: EvaluatorOptions) {
    this.moduleName = top.name;
    this.ports = new Map(top.ports.map(port => [port.signal.name, port]));
    this.plan = plan(top);
    this.values = new Array<bigint>(this.plan.slotCount).fill(0n);
    for (const [slot, value] of this.plan.constants) this.values[slot] = value;
    this.powerUp(powerUp === 'zero' ? nearestToZero : randomValues(seed));
    this.asynchronous = this.plan.registers.filter(register => register.reset?.style === 'async');
    const clocks = top.ports.filter(port => port.signal.type.kind === 'clock').map(port => port.signal.name);
    this.edges = new Map(clocks.map(clock => [clock, edgeOf(this.plan, clock)]));
    // A module without a clock inside a clocked design is checked at each edge: in between its inputs may be half set.
    this.unclocked = this.plan.expectations.filter(each => each.clock === undefined);
  }

  /**
   * Gives an input a value.
   * @throws HdlError HDL502 for an unknown port, HDL503 for a value that the port's type does not hold, HDL504 for a port
   *   that is not an input or is a clock
   */
  set(port: string, value: PortValue): this {
    const { signal, direction } = this.portNamed(port);
    if (direction === 'output') fail('HDL504', `'${port}' of ${this.moduleName} is an output and cannot be set`, 'outputs are read with get');
    if (signal.type.kind === 'clock') fail('HDL504', `'${port}' of ${this.moduleName} is a clock and cannot be set`, `give it an edge with step('${port}')`);
    const slots = this.plan.ports.get(port) ?? [];
    const scalars: bigint[] = [];
    collect(port, signal.type, value, scalars);
    slots.forEach((slot, i) => { this.values[slot] = scalars[i] ?? 0n; });
    this.settled = false;
    // A reset without a clock must be seen even if nobody looks before it is taken back.
    if (this.asynchronous.length > 0) this.settle();
    return this;
  }

  /**
   * The value of a port, all logic settled.
   * @throws HdlError HDL502 for an unknown port, HDL501 for a violated `expect` of a module without clocks
   */
  get(port: string): EvaluatedValue {
    const { type } = this.portNamed(port).signal;
    this.settle();
    this.check(this.edges.size === 0 ? this.unclocked : [], '');
    const scalars = (this.plan.ports.get(port) ?? []).map(slot => at(this.values, slot));
    return type.kind === 'clock' ? 0n : shaped(type, scalars[Symbol.iterator]());
  }

  /** The value of a scalar port as a number: of an enumeration its code. */
  getNumber(port: string): bigint {
    const { type } = this.portNamed(port).signal;
    if (type.kind === 'vec') fail('HDL503', `'${port}' of type ${typeText(type)} is not one number`, 'use getNumbers');
    return this.getNumbers(port)[0] ?? 0n;
  }

  /** The scalars of a port as numbers, element 0 first. */
  getNumbers(port: string): readonly bigint[] {
    this.get(port);
    return (this.plan.ports.get(port) ?? []).map(slot => at(this.values, slot));
  }

  /**
   * One rising edge of a clock; the name may be left out where there is one clock.
   * @throws HdlError HDL501 for a violated `expect`, HDL505 where there is no such clock or no name for one of several
   */
  step(clock?: string): this {
    const name = clock ?? this.onlyClock();
    const edge = this.edges.get(name);
    if (edge === undefined) fail('HDL505', `${this.moduleName} has no clock '${name}'`, this.clockHint());
    this.settle();
    edge.count++;
    this.check(edge.expectations, `edge ${edge.count} of ${name}`);
    this.check(this.unclocked, `edge ${edge.count} of ${name}`);
    this.advance(edge);
    this.settled = false;
    return this;
  }

  private advance({ registers, next, writes }: Edge): void {
    const { values } = this;
    const words = writes.map(({ address, data, enable }) =>
      enable === undefined || at(values, enable) === 1n ? [Number(at(values, address)), at(values, data)] as const : undefined);
    const isWritten = (memory: PlannedMemory, address: number): boolean => writes.some((write, i) => write.memory === memory && words[i]?.[0] === address);
    registers.forEach((register, i) => { next[i] = this.nextOf(register, isWritten); });
    registers.forEach(({ slot }, i) => { values[slot] = next[i] ?? 0n; });
    writes.forEach(({ memory }, i) => {
      const [address, word] = words[i] ?? [-1, 0n];
      if (address >= 0 && address < memory.memory.depth) memory.words[address] = word;
    });
  }

  private nextOf({ slot, reset, enable, next }: PlannedRegister, isWritten: (memory: PlannedMemory, address: number) => boolean): bigint {
    const { values } = this;
    if (reset !== undefined && this.isActive(reset)) return reset.value;
    if (enable !== undefined && at(values, enable) === 0n) return at(values, slot);
    switch (next.kind) {
      case 'slot': return at(values, next.slot);
      case 'memory': {
        const { memory, words } = next.memory;
        const address = Number(at(values, next.address));
        const word = words[address] ?? 0n;
        return memory.options.collisions === 'unused' && isWritten(next.memory, address) ? wrongWord(word, memory.type) : word;
      }
      case 'block':
        values[next.slot] = at(values, slot);
        next.code(values);
        return at(values, next.slot);
    }
  }

  private isActive({ slot, activeValue }: PlannedReset): boolean {
    return at(this.values, slot) === activeValue;
  }

  private settle(): void {
    if (this.settled) return;
    do {
      for (const code of this.plan.settle) code(this.values);
    } while (this.resetAsynchronously());
    this.settled = true;
  }

  /** True where a register changed: each can do so once, so that settling comes to an end. */
  private resetAsynchronously(): boolean {
    let changed = false;
    for (const { slot, reset } of this.asynchronous) {
      if (reset === undefined || !this.isActive(reset) || at(this.values, slot) === reset.value) continue;
      this.values[slot] = reset.value;
      changed = true;
    }
    return changed;
  }

  private check(expectations: readonly PlannedExpectation[], moment: string): void {
    for (const { value, when, reset, expectation, path } of expectations) {
      if (when !== undefined && at(this.values, when) === 0n) continue;
      if (reset !== undefined && this.isActive(reset)) continue;
      const found = at(this.values, value);
      if (expectation.type.min <= found && found <= expectation.type.max) continue;
      throw new HdlError([{
        code: 'HDL501', site: expectation.site,
        message: `the value ${found} is not in the expected ${intervalText(expectation.type)} (in ${path}${moment === '' ? '' : ` at ${moment}`})`,
        hint: 'the inputs break what expect assumes, or the assumption is wrong',
      }]);
    }
  }

  private powerUp(initial: (type: ScalarType) => bigint): void {
    for (const [name, slots] of this.plan.ports) {
      const port = this.ports.get(name);
      const type = port?.direction === 'input' ? layoutOf(port.signal.type).type : undefined;
      if (type !== undefined) for (const slot of slots) this.values[slot] = nearestToZero(type);
    }
    for (const { type, slot } of this.plan.registers) this.values[slot] = initial(type);
    for (const { memory, words } of this.plan.memories) {
      for (let i = 0; i < memory.depth; i++) words.push(memory.contents?.[i] ?? initial(memory.type));
    }
  }

  private portNamed(name: string): Port {
    const port = this.ports.get(name);
    if (port !== undefined) return port;
    return fail('HDL502', `${this.moduleName} has no port '${name}'`, `${meant(name, this.ports.keys())}its ports are ${[...this.ports.keys()].join(', ')}`);
  }

  private onlyClock(): string {
    const [only, ...others] = this.edges.keys();
    if (only === undefined) return fail('HDL505', `${this.moduleName} has no clock`, 'its outputs follow its inputs at once: use get without step');
    if (others.length > 0) return fail('HDL505', `${this.moduleName} has several clocks, and step names none`, this.clockHint());
    return only;
  }

  private clockHint(): string {
    return this.edges.size === 0 ? 'its outputs follow its inputs at once: use get without step' : `its clocks are ${[...this.edges.keys()].join(', ')}`;
  }
}

/** What happens at the edges of one clock. */
interface Edge {
  count: number;
  readonly registers: readonly PlannedRegister[];
  /** Scratch, one a register. */
  readonly next: bigint[];
  readonly writes: Plan['writes'];
  readonly expectations: readonly PlannedExpectation[];
}

function edgeOf({ registers, writes, expectations }: Plan, clock: string): Edge {
  return {
    count: 0, next: [],
    registers: registers.filter(each => each.clock === clock),
    writes: writes.filter(each => each.clock === clock),
    expectations: expectations.filter(each => each.clock === clock),
  };
}

/** The scalars of a value that a port is given, element 0 first. */
function collect(label: string, type: ScalarType | VecType, value: PortValue, into: bigint[]): void {
  if (type.kind !== 'vec') {
    into.push(scalarOf(label, type, value));
    return;
  }
  if (!isList(value)) return fail('HDL503', `'${label}' of type ${typeText(type)} is set to one value`, `give it a list of ${type.count}`);
  if (value.length !== type.count) {
    fail('HDL503', `'${label}' of type ${typeText(type)} is set to ${value.length} values`, `give it a list of ${type.count}`);
  }
  value.forEach((each, i) => collect(`${label}[${i}]`, type.element, each, into));
}

function isList(value: PortValue): value is readonly PortValue[] {
  return Array.isArray(value);
}

function scalarOf(label: string, type: ScalarType, value: PortValue): bigint {
  if (isList(value)) return fail('HDL503', `'${label}' of type ${typeText(type)} is set to a list`, 'give it one value');
  if (typeof value === 'string') {
    const code = type.kind === 'enum' ? type.names.indexOf(value) : -1;
    return code < 0 ? fail('HDL503', `'${label}' of type ${typeText(type)} is set to '${value}'`, allowedText(type)) : BigInt(code);
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return fail('HDL503', `'${label}' of type ${typeText(type)} is set to ${value}`, allowedText(type));
  }
  const exact = BigInt(value);
  const { min, max } = legal(type);
  return exact < min || exact > max ? fail('HDL503', `'${label}' of type ${typeText(type)} is set to ${exact}`, allowedText(type)) : exact;
}

/** The legal values of a type as numbers. */
function legal(type: ScalarType): Interval {
  switch (type.kind) {
    case 'int': return type;
    case 'enum': return { min: 0n, max: BigInt(type.names.length - 1) };
    case 'bool':
    case 'bits': return { min: 0n, max: (1n << BigInt(type.width)) - 1n };
  }
}

function allowedText(type: ScalarType): string {
  if (type.kind === 'enum') return `it takes one of ${type.names.join(', ')}`;
  if (type.kind === 'bool') return 'it takes true or false';
  const { min, max } = legal(type);
  return `it takes a whole number from ${min} to ${max}`;
}

function shaped(type: ScalarType | VecType, scalars: Iterator<bigint>): EvaluatedValue {
  if (type.kind === 'vec') return Array.from({ length: type.count }, () => shaped(type.element, scalars));
  const next = scalars.next();
  const value = next.done === true ? 0n : next.value;
  return type.kind === 'enum' ? type.names[Number(value)] ?? value : value;
}

/** Another value of the type. */
function wrongWord(word: bigint, type: ScalarType): bigint {
  const { min, max } = legal(type);
  const mirrored = min + max - word;
  return mirrored === word ? max : mirrored;
}

function nearestToZero(type: ScalarType): bigint {
  const { min, max } = legal(type);
  if (min > 0n) return min;
  return max < 0n ? max : 0n;
}

/** Values of a type, drawn by xorshift (Marsaglia, 2003) on 32 bits. */
function randomValues(seed: number): (type: ScalarType) => bigint {
  let state = (seed ^ 0x9e3779b9) | 1;
  const word = (): bigint => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return BigInt(state >>> 0);
  };
  return type => {
    const { min, max } = legal(type);
    let drawn = 0n;
    for (let bits = 0; bits < type.width + 32; bits += 32) drawn = (drawn << 32n) | word();
    return min + drawn % (max - min + 1n);
  };
}
