import { checkModule } from './check.js';
import { Domain } from './domain.js';
import { fail } from './error.js';
import {
  checkHome, int, narrowTo, pairs, type Bits, type Bool, type Enum, type Int, type IntLike, type Value,
} from './expression.js';
import type { AnyGenerator, Design, Generator, InstanceInputs, InstanceOutputs, Library, Ports } from './generator.js';
import type { Instance } from './instance.js';
import { contains, type Interval } from './interval.js';
import { Memory, asyncRead, readNode, type MemoryOptions, type WordType } from './memory.js';
import { Names } from './names.js';
import type { ParameterSchema, ParameterInput, ParameterRecord } from './parameter.js';
import { Scope, type SwitchBranch, type WhenChain } from './scope.js';
import { Signal, type ClockDomain } from './signal.js';
import { Site } from './site.js';
import { layOut, targetFor, type VariableOf } from './target.js';
import type { Trials } from './trial.js';
import { maxWidth, typeText, type IntType, type Type } from './type.js';
import { Clock, coerce, flatten, type Of } from './value.js';

/** One Verilog port. */
export interface Port {
  readonly signal: Signal;
  readonly direction: 'input' | 'output';
  readonly doc: string;
}

/** What is promised about the clock edges between a unit's ports. */
export interface Timing {
  readonly flow: 'stream' | 'valid' | 'none';
  /** Clocks from an accepted beat to its result; absent where it depends on data. */
  readonly latency?: number;
  /** Clocks between two beats at full speed. */
  readonly interval: number;
  readonly streams: readonly StreamPorts[];
}

/** Ports that carry the beats of one stream. */
export interface StreamPorts {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly valid?: string;
  readonly ready?: string;
  readonly last?: string;
  readonly payload: readonly string[];
}

/** Something assumed about a value, and checked in simulation. */
export interface Expectation {
  readonly value: Int;
  readonly type: Interval;
  readonly when: Bool | undefined;
  readonly domain: ClockDomain | undefined;
  readonly site: Site;
}

/** The domain at whose edges something assumed is checked, outside of reset: the one given, or the only one of its module. */
export function checkingDomain({ domains }: Pick<Module, 'domains'>, { domain }: Expectation): ClockDomain | undefined {
  return domain ?? (domains.length === 1 ? domains[0] : undefined);
}

/** A finished module: all that the writer, the evaluator and the checks see. */
export interface Module {
  readonly name: string;
  /** What Verilog calls it: its name, or a primitive's name in the vendor's library. */
  readonly verilogName: string;
  /** Of a primitive: the parameters of each of its instances. */
  readonly verilogParameters: Readonly<Record<string, string>>;
  readonly generator: AnyGenerator;
  readonly parameters: ParameterRecord;
  readonly ports: readonly Port[];
  /** All signals but the ports, in order of declaration. */
  readonly signals: readonly Signal[];
  readonly memories: readonly Memory[];
  readonly instances: readonly Instance[];
  readonly expectations: readonly Expectation[];
  /** Signals in the order in which they were first driven or set. */
  readonly order: readonly Signal[];
  readonly domains: readonly ClockDomain[];
  readonly timing: Timing | undefined;
  /** Of each output port the input ports that reach it without a register in between. */
  readonly combinationalInputs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that temporaries must keep clear of. */
  readonly names: Names;
}

/** What a `build` makes its module with. */
export class ModuleBuilder {
  readonly scope = new Scope(this);
  private readonly name: string;
  private readonly library: Library;
  private readonly names: Names;
  private readonly ports: Port[] = [];
  private readonly signals: Signal[] = [];
  private readonly memories: Memory[] = [];
  private readonly instances: Instance[] = [];
  private readonly expectations: Expectation[] = [];
  private readonly domains: ClockDomain[] = [];
  private timing: Timing | undefined;

  private readonly trials: Trials;

  constructor(name: string, library: Library, trials: Trials) {
    this.name = name;
    this.names = new Names(name);
    this.library = library;
    this.trials = trials;
  }

  /**
   * What is measured on a trial of this module: the build runs once more before, with undefined as the answer, as a design of its own that nothing else comes of.
   * What the build makes may depend on the answer. Ports, parameters and the order of such questions may not.
   */
  trial<T>(measure: (trial: Design) => T): T | undefined {
    return this.trials.ask(measure)?.finding as T | undefined;
  }

  /** A clock edge with its reset, to make registers in. */
  domain(clock: Clock, options: { readonly reset?: Bool; readonly style?: 'sync' | 'async'; readonly activeLow?: boolean } = {}): Domain {
    const { reset, style = 'sync', activeLow = false } = options;
    checkHome(clock.signal, this, 'a domain');
    if (reset !== undefined) checkHome(reset, this, 'a domain');
    const clocking: ClockDomain = { clock: clock.signal, ...(reset === undefined ? {} : { reset: { value: reset, style, activeLow } }) };
    if (style === 'async' && reset !== undefined && !(reset.op === 'read' && reset.detail.signal?.width === 1)) {
      fail('HDL313', 'the asynchronous reset is an expression and not a signal', 'give it a name with m.named, so that the reset net has one');
    }
    this.domains.push(clocking);
    return new Domain(this, clocking);
  }

  /** Gives a value a name in the Verilog: a wire of the value's own type. A constant stays one for what is made of it. */
  named<V extends Value>(name: string, value: V): V;
  named(name: string, value: Value): Value {
    const signal = this.declare('wire', name, value.type, new Site());
    this.scope.drive({ signal, low: 0, type: value.type, label: name }, value, signal.site);
    if (value.constant !== undefined) {
      signal.deliberatelyUnused = true;
      return value;
    }
    return readNode(signal, 0, value.type);
  }

  /** A wire that is given its value later, by `drive` or under `when`. */
  wire<T extends Type>(name: string, type: T): VariableOf<T> {
    const site = new Site();
    return targetFor(this.scope, layOut(name, type, true, (leaf, leafType) => this.declare('wire', leaf, leafType, site)), type);
  }

  /** What is assigned in `body` holds where `condition` does. */
  when(condition: Bool, body: () => void): WhenChain {
    return this.scope.when(condition, body);
  }

  /** The branch whose constant is the subject's value; `otherwise` where there is none. */
  switch(subject: Int | Bits | Enum, branches: readonly SwitchBranch[], otherwise?: () => void): void {
    this.scope.switch(subject, branches, otherwise);
  }

  /**
   * Sum of any number of terms by a balanced tree. `each` sees every sum with its level (from 0) and index and gives
   * what goes on (a register, a name); an odd term out goes through `each` as well, so that levels stay in step.
   */
  sumTree(terms: readonly IntLike[], each: (level: number, index: number, sum: Int) => Int): Int {
    let current = terms.map(int);
    for (let level = 0; current.length > 1; level++) {
      current = pairs(current).map(([a, b], i) => each(level, i, b === undefined ? a : a.add(b)));
    }
    return current[0] ?? int(0);
  }

  /** A memory of `depth` words; with `contents` and no write port a ROM. */
  mem<T extends WordType>(
    name: string, options: MemoryOptions & { readonly type: T; readonly depth: number; readonly contents?: readonly (number | bigint | boolean)[] },
  ): Memory<T> {
    const site = new Site();
    const { type, depth, contents, ...others } = options;
    if (!Number.isInteger(depth) || depth < 1 || depth > maxWidth) {
      fail('HDL321', `memory '${name}' has ${depth} words`, `a memory has 1 to ${maxWidth} words`);
    }
    if (contents !== undefined && contents.length !== depth) {
      fail('HDL322', `memory '${name}' of ${depth} words is given ${contents.length}`, 'give one value for each word');
    }
    const words = contents?.map((word, i) => coerce(word, type, { name: `${name}[${i}]`, site }).constant ?? 0n);
    this.names.take(name, site);
    const memory = new Memory(name, type, depth, words, this, site, others);
    this.memories.push(memory);
    return memory;
  }

  /** The word at `address`, at once. */
  read<T extends WordType>(memory: Memory<T>, address: IntLike): Of<T>;
  read(memory: Memory, address: IntLike): Int | Bits | Bool {
    checkHome(memory, this, 'a read');
    return asyncRead(memory, memory.at(address));
  }

  /** Assumes that `value` lies in `type`, and has it checked in simulation where `when` and all surrounding conditions hold. */
  expect(value: Int, type: IntType, options: { readonly when?: Bool; readonly domain?: Domain } = {}): Int {
    if (contains(type, value.type)) return value;
    if (value.constant !== undefined && contains(type, { min: value.constant, max: value.constant })) return narrowTo(value, type);
    if (value.max < type.min || type.max < value.min) {
      fail('HDL112', `a value of type ${typeText(value.type)} never lies in ${typeText(type)}`, 'the expectation contradicts what is known of the value');
    }
    checkHome(value, this, 'an expectation');
    const here = this.scope.condition();
    const when = here === undefined || options.when === undefined ? here ?? options.when : here.and(options.when);
    this.expectations.push({ value, type, when, domain: options.domain?.clocking, site: new Site() });
    return narrowTo(value, type);
  }

  /** One more module inside this one. Inputs are connected by name; outputs come back as values. */
  inst<S extends ParameterSchema, Q extends Ports>(
    name: string, generator: Generator<S, Q>, parameters: ParameterInput<NoInfer<S>>, inputs: InstanceInputs<NoInfer<Q>>,
  ): InstanceOutputs<Q> {
    return this.library.instance(this, name, generator, parameters, inputs);
  }

  /** Says that values are not used on purpose, so that no check and no tool complains. */
  unused(...values: readonly unknown[]): void {
    for (const value of values) {
      if (value instanceof Clock) value.signal.deliberatelyUnused = true;
      for (const scalar of flatten(value)) {
        if (scalar.detail.signal !== undefined) scalar.detail.signal.deliberatelyUnused = true;
      }
    }
  }

  /** Says what the ports promise; it goes into the manifest. */
  promise(timing: Timing): void {
    this.timing = timing;
  }

  /** @internal Declares a signal of this module. */
  declare(kind: Signal['kind'], name: string, type: Signal['type'], site: Site, origin: ConstructorParameters<typeof Signal>[5] = {}): Signal {
    this.names.take(name, site);
    const signal = new Signal(kind, name, type, this, site, origin);
    this.signals.push(signal);
    return signal;
  }

  /** @internal Declares a port. */
  declarePort(direction: Port['direction'], name: string, type: Signal['type'], doc: string, site: Site): Signal {
    this.names.takePort(name, site);
    const signal = new Signal(direction, name, type, this, site);
    this.ports.push({ signal, direction, doc });
    return signal;
  }

  /** @internal */
  addInstance(instance: Instance): void {
    this.instances.push(instance);
  }

  /** @internal */
  takeName(name: string, site: Site): void {
    this.names.take(name, site);
  }

  /** @internal A write port of a memory. */
  write(memory: Memory, domain: ClockDomain, address: Int, data: unknown, enable: Bool | undefined): void {
    const site = new Site();
    if (memory.writes.length === 2) {
      fail('HDL323', `memory '${memory.name}' gets a third write port`, 'no block RAM has more than two; split it or share a port');
    }
    const [first] = memory.writes;
    if (first !== undefined && first.domain.clock !== domain.clock) {
      fail('HDL324', `memory '${memory.name}' is written on two clocks, '${first.domain.clock.name}' and '${domain.clock.name}'`,
        'write it on one clock; it may be read on another');
    }
    const word = coerce(data, memory.type, { name: memory.name, site: memory.site });
    checkHome(word, this, `memory '${memory.name}'`);
    memory.writes.push({ domain, address, data: word, enable, site });
  }

  /** @internal Checks and closes the module. */
  finish(generator: AnyGenerator, parameters: ParameterRecord, verilogParameters: Module['verilogParameters']): Module {
    const module = {
      name: this.name, verilogName: generator.blackbox?.module ?? this.name, verilogParameters, generator, parameters,
      ports: this.ports, signals: this.signals, memories: this.memories, instances: this.instances,
      expectations: this.expectations, order: this.scope.order, domains: this.domains, timing: this.timing, names: this.names,
    };
    return { ...module, combinationalInputs: checkModule(module) };
  }
}
