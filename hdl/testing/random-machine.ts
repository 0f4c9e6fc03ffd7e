import {
  Bits, Bool, Enum, Int, Memory, bits, bool, bundle, clock, elaborate, enumeration, generator, input, intType, literalBits, literalEnum, output, p, range, s, u, vec,
  type BitsType, type BoolType, type Design, type Domain, type EnumType, type IntType, type ModuleBuilder, type PortDeclaration, type Ports,
} from '../index.js';
import { RandomGraph, randomInputType, type InputType } from './random-graph.js';
import { Random } from './random.js';

type StateType = IntType | BitsType | BoolType | EnumType;
type StateValue = Int | Bits | Bool | Enum;

/** A reset port and the level at which it is active. */
export interface MachineReset {
  readonly name: string;
  readonly clock: string;
  readonly style: 'sync' | 'async';
  readonly activeLow: boolean;
}

/** A random clocked design and how to drive it: its input `go` is false until no register holds an unknown value. */
export interface Machine {
  readonly design: Design;
  readonly resets: readonly MachineReset[];
  readonly inputs: readonly { readonly name: string; readonly type: InputType }[];
  readonly clocks: readonly string[];
}

/** Something that a statement gives a value. */
interface Settable {
  set(): void;
}

const stateNames = ['IDLE', 'LOAD', 'RUN', 'WAIT', 'DONE'] as const;

function machineResets(random: Random, clocks: readonly string[]): readonly MachineReset[] {
  return clocks.map(name => ({ name: `${name}_reset`, clock: name, style: random.chance(0.4) ? 'async' : 'sync', activeLow: random.chance(0.4) }));
}

function randomStateType(random: Random): StateType {
  switch (random.below(6)) {
    case 0: return u(random.between(1, 10));
    case 1: return s(random.between(1, 10));
    case 2: {
      const min = random.between(-50, 40);
      return range(min, min + random.between(1, 60));
    }
    case 3: return bits(random.between(1, 9));
    case 4: return bool;
    default: return enumeration('A', 'B', 'C', 'D');
  }
}

function resetValueOf(random: Random, type: StateType): bigint {
  switch (type.kind) {
    case 'int': return random.inside(type.min, type.max);
    case 'bits': return random.inside(0n, (1n << BigInt(type.width)) - 1n);
    case 'bool': return random.inside(0n, 1n);
    case 'enum': return random.inside(0n, BigInt(type.names.length - 1));
  }
}

/** A machine with registers, state machines, memories and instances; the same seed gives the same one. */
export function randomMachine(name: string, seed: number): Machine {
  const random = new Random(seed);
  const clocks = random.chance(0.25) ? ['clk', 'clk_b'] : ['clk'];
  const resets = machineResets(random, clocks);
  const inputs = Array.from({ length: random.between(2, 4) }, (_, i) => ({ name: `in_${i}`, type: randomInputType(random).type }));
  const unit = generator({
    name, doc: 'A random machine.', params: {},
    ports: (): Ports => {
      const ports: Record<string, PortDeclaration> = {};
      for (const each of clocks) ports[each] = clock();
      for (const each of resets) ports[each.name] = input(bool);
      ports.go = input(bool);
      for (const each of inputs) ports[each.name] = input(each.type);
      for (const [field, type] of Object.entries(resultTypes)) ports[`out_${field}`] = output(type);
      ports.pair = output(bundle({ left: s(9), right: bits(3) }));
      return ports;
    },
    build(m, io) {
      new MachineBuilder(m, new Random(seed + 1), io).build(name, seed, resets, inputs);
    },
  });
  return { design: elaborate(unit), resets, inputs, clocks };
}

const resultTypes = { y: s(12), z: bits(7), flag: bool, list: vec(3, range(-9, 20)) };

/** A small machine with a typed interface, to be instanced. */
function partGenerator(name: string, seed: number, { style, activeLow }: MachineReset) {
  return generator({
    name, doc: 'A random part of a machine.',
    params: { width: p.int({ default: 6, min: 3, max: 12, doc: 'bits of a' }) },
    ports: P => ({
      clk: clock(), rst: input(bool), a: input(s(P.width)), b: input(vec(2, u(4))), c: input(bool),
      y: output(s(10)), through: output(u(5)),
    }),
    build(m, io, P) {
      const random = new Random(seed + P.width);
      const sync = m.domain(io.clk, { reset: io.rst, style, activeLow });
      const graph = new RandomGraph(m, random, 'n');
      graph.addInput('a', io.a);
      graph.addInput('b', io.b);
      graph.addInput('c', io.c);
      const state = sync.reg('state', s(8), { reset: random.between(-9, 9), ...(random.chance(0.5) ? { enable: io.c } : {}) });
      graph.addInput('state', state.q);
      graph.grow(15);
      const fit = new Fitter(graph, random);
      state.drive(fit.int(s(8)));
      io.y.drive(fit.int(s(10)));
      io.through.drive(io.b.at(0).add(io.c.asU()));
      m.unused(io.a, io.b, io.c, ...graph.nodes.map(node => node.value));
    },
  });
}

/** Expressions of a wanted type, out of a graph. */
class Fitter {
  readonly graph: RandomGraph;
  readonly random: Random;

  constructor(graph: RandomGraph, random: Random) {
    this.graph = graph;
    this.random = random;
  }

  int(type: IntType): Int {
    const found = this.values((value): value is Int => value instanceof Int);
    const value = found.length === 0 ? undefined : this.random.pick(found);
    if (value === undefined || this.random.chance(0.1)) return this.constant(type);
    if (!value.type.signed && type.min === 0n && type.max === (1n << BigInt(type.width)) - 1n && this.random.chance(0.5)) return value.wrap(type.width);
    return value.saturate(type);
  }

  private constant(type: IntType): Int {
    return this.bool().mux(type.min, this.random.inside(type.min, type.max));
  }

  bits(type: BitsType): Bits {
    const found = this.values((value): value is Bits => value instanceof Bits && value.width >= type.width);
    if (found.length === 0) return literalBits(this.random.inside(0n, (1n << BigInt(type.width)) - 1n), type.width);
    const value = this.random.pick(found);
    return value.slice(this.random.between(0, value.width - type.width), type.width);
  }

  bool(): Bool {
    const found = this.values((value): value is Bool => value instanceof Bool && value.constant === undefined);
    if (found.length > 0) return this.random.pick(found);
    return this.bits(bits(1)).bit(0);
  }

  enumeration(type: EnumType): Enum {
    const found = this.values((value): value is Enum => value instanceof Enum && value.type.names.join() === type.names.join());
    if (found.length === 0 || this.random.chance(0.3)) return literalEnum(type, this.random.pick(type.names));
    return this.random.pick(found);
  }

  private values<V extends StateValue>(wanted: (value: StateValue) => value is V): readonly V[] {
    return this.graph.nodes.map(node => node.value).filter(wanted);
  }
}

class MachineBuilder {
  private readonly m: ModuleBuilder;
  private readonly random: Random;
  private readonly io: Readonly<Record<string, unknown>>;
  private readonly settables: Settable[] = [];
  private readonly later: (() => void)[] = [];
  private readonly fit: Fitter;

  constructor(m: ModuleBuilder, random: Random, io: object) {
    this.m = m;
    this.random = random;
    this.io = { ...io };
    this.fit = new Fitter(new RandomGraph(m, random, 'n'), random);
  }

  private get graph(): RandomGraph {
    return this.fit.graph;
  }

  build(name: string, seed: number, resets: readonly MachineReset[], inputs: Machine['inputs']): void {
    const { m, random, graph } = this;
    for (const each of inputs) {
      graph.addInput(each.name, this.io[each.name]);
      m.unused(this.io[each.name]);
    }
    graph.grow(12);
    const domains = resets.map(each => {
      const [clockPort, reset] = [this.io[each.clock], this.io[each.name]];
      if (!isClock(clockPort) || !(reset instanceof Bool)) throw new TypeError('a clock and its reset are ports');
      m.unused(reset);
      return { domain: m.domain(clockPort, { reset, style: each.style, activeLow: each.activeLow }), clockPort, reset, each };
    });
    const { go } = this.io;
    if (!(go instanceof Bool)) throw new TypeError('go is a flag');
    m.unused(go);
    domains.forEach(({ domain }, d) => {
      // Without a reset its value before the first edge is unknown, so that an input alone feeds it.
      const raw = this.io[inputs[0]?.name ?? ''];
      if (raw instanceof Int) graph.addInput(`raw_${d}`, domain.delay(`raw_${d}`, raw));
      for (let i = random.between(2, 5); i > 0; i--) this.register(`r${d}_${i}`, domain);
      if (random.chance(0.5)) this.machine(`fsm_${d}`, domain);
      if (random.chance(0.5)) this.memory(`ram_${d}`, domain, go);
      if (random.chance(0.3)) this.rom(`rom_${d}`, domain);
      if (random.chance(0.5)) this.delayed(`d${d}`, domain);
    });
    graph.grow(graph.nodes.length + 10);
    for (let i = random.between(0, 2); i > 0; i--) this.wire(`w${i}`);
    for (const { clockPort, reset, each } of domains) {
      const part = partGenerator(`${name}_${each.clock}_part`, seed, each);
      for (let i = random.between(0, 2); i > 0; i--) {
        const { y, through } = m.inst(`${each.clock}_part_${i}`, part, { width: random.between(5, 6) },
          { clk: clockPort, rst: reset, a: this.fit.int(s(5)), b: [this.fit.int(u(4)), this.fit.int(u(4))], c: this.fit.bool() });
        graph.addInput(`${each.clock}_part_${i}.y`, y);
        graph.addInput(`${each.clock}_part_${i}.through`, through);
      }
    }
    graph.grow(graph.nodes.length + 10);
    this.statements(0);
    this.statements(0);
    for (const finish of this.later) finish();
    this.outputs();
    m.unused(...graph.nodes.map(node => node.value));
  }

  private register(name: string, domain: Domain): void {
    const { random, fit, graph } = this;
    const type = randomStateType(random);
    const reset = resetValueOf(random, type);
    const gated = random.chance(0.2) ? domain.gated(fit.bool()) : domain;
    const enable = random.chance(0.3) ? { enable: fit.bool() } : {};
    const driven = random.chance(0.5);
    const finish = (target: { readonly set: () => void; readonly drive: () => void }): void => {
      if (driven) this.later.push(target.drive);
      else {
        this.settables.push(target);
        this.later.push(() => { this.m.when(fit.bool(), target.set); });
      }
    };
    switch (type.kind) {
      case 'int': {
        const r = gated.reg(name, type, { reset, ...enable });
        graph.addInput(name, r.q);
        finish({ set: () => r.set(fit.int(type)), drive: () => r.drive(fit.int(type)) });
        break;
      }
      case 'bits': {
        const r = gated.reg(name, type, { reset, ...enable });
        graph.addInput(name, r.q);
        finish({ set: () => r.set(fit.bits(type)), drive: () => r.drive(fit.bits(type)) });
        break;
      }
      case 'bool': {
        const r = gated.reg(name, type, { reset: reset === 1n, ...enable });
        graph.addInput(name, r.q);
        finish({ set: () => r.set(fit.bool()), drive: () => r.drive(fit.bool()) });
        break;
      }
      case 'enum': {
        const r = gated.reg(name, type, { reset: type.names[Number(reset)] ?? '', ...enable });
        graph.addInput(name, r.q);
        finish({ set: () => r.set(fit.enumeration(type)), drive: () => r.drive(fit.enumeration(type)) });
      }
    }
  }

  private machine(name: string, domain: Domain): void {
    const { random, fit, graph, m } = this;
    const count = random.between(2, 5);
    const states = stateNames.slice(0, count);
    const [first = 'IDLE', ...others] = states;
    const body = (go: (next: string) => void): void => {
      if (random.chance(0.8)) {
        const chain = m.when(fit.bool(), () => { go(random.pick(states)); });
        if (random.chance(0.4)) chain.otherwise(() => { go(random.pick(states)); });
      } else {
        go(random.pick(states));
      }
      if (this.settables.length > 0 && random.chance(0.5)) random.pick(this.settables).set();
    };
    const bodies = Object.fromEntries(states.map(state => [state, body]));
    const fsm = domain.fsm<readonly [string, ...string[]]>(name, [first, ...others], bodies);
    graph.addInput(`${name}.q`, fsm.q);
    graph.addInput(`${name}.is('${first}')`, fsm.is(first));
  }

  private memory(name: string, domain: Domain, go: Bool): void {
    const { random, fit, graph, m } = this;
    const depth = random.between(1, 9);
    const type = random.chance(0.5) ? s(random.between(2, 9)) : u(random.between(1, 9));
    const memory = m.mem(name, { type, depth, contents: Array.from({ length: depth }, () => random.inside(type.min, type.max)) });
    const address = (): Int => fit.int(intType(memory.address));
    // Enabled at first, so that its first word is known.
    graph.addInput(`${name}_q`, domain.read(`${name}_q`, memory, address(), random.chance(0.4) ? { enable: fit.bool().or(go.not()) } : {}));
    if (random.chance(0.6)) this.asynchronous(name, memory, address());
    this.later.push(() => {
      for (let i = random.between(1, 2); i > 0; i--) domain.write(memory, address(), fit.int(type), { enable: go.and(fit.bool()) });
    });
  }

  private asynchronous(name: string, memory: Memory, address: Int): void {
    const word = this.m.named(`${name}_word`, this.m.read(memory, address));
    this.m.unused(word);
    this.graph.addInput(`${name}_word`, word);
  }

  private rom(name: string, domain: Domain): void {
    const { random, fit, graph, m } = this;
    const depth = random.between(2, 20);
    const memory = m.mem(name, { type: bits(6), depth, contents: Array.from({ length: depth }, () => random.below(64)) });
    this.asynchronous(name, memory, fit.int(intType(memory.address)));
    if (random.chance(0.5)) graph.addInput(`${name}_q`, domain.read(`${name}_q`, memory, fit.int(intType(memory.address))));
  }

  private delayed(name: string, domain: Domain): void {
    const { random, fit, graph } = this;
    const value = { number: fit.int(s(7)), pattern: fit.bits(bits(3)), inner: { flag: fit.bool() } };
    const reset = random.below(2);
    if (BigInt(reset) < value.number.min || value.number.max < BigInt(reset)) return;
    const held = domain.delay(name, value, random.chance(0.5) ? { enable: fit.bool(), reset } : { reset });
    graph.addInput(`${name}.number`, held.number);
    graph.addInput(`${name}.pattern`, held.pattern);
    graph.addInput(`${name}.inner.flag`, held.inner.flag);
  }

  private wire(name: string): void {
    const { random, fit, graph, m } = this;
    const type = s(random.between(2, 10));
    const wire = m.wire(name, type);
    wire.set(fit.int(type));
    this.conditionally(() => wire.set(fit.int(type)));
    graph.addInput(name, wire.q);
    m.unused(wire.q);
  }

  /** Runs something in the branches of a `when` or `switch`. */
  private conditionally(body: () => void): void {
    const { random, fit, m } = this;
    if (random.chance(0.6)) {
      const chain = m.when(fit.bool(), body);
      if (random.chance(0.5)) chain.elseWhen(fit.bool(), body);
      if (random.chance(0.5)) chain.otherwise(body);
      return;
    }
    if (random.chance(0.5)) {
      const subject = fit.int(range(-2, 3));
      if (subject.constant !== undefined) return;
      const labels = [subject.min, subject.max].filter((label, i, all) => all.indexOf(label) === i);
      m.switch(subject, labels.map(label => [label, body] as const), random.chance(0.5) ? body : undefined);
    } else {
      const subject = fit.bits(bits(2));
      m.switch(subject, [[0, body], [[1, 2], body]], random.chance(0.5) ? body : undefined);
    }
  }

  private statements(depth: number): void {
    const { random } = this;
    if (this.settables.length === 0) return;
    for (let i = random.between(1, 3); i > 0; i--) {
      if (depth < 3 && random.chance(0.6)) this.conditionally(() => { this.statements(depth + 1); });
      else random.pick(this.settables).set();
    }
  }

  private outputs(): void {
    const { fit, io, random } = this;
    target(io.out_y).drive(fit.int(resultTypes.y));
    target(io.out_z).drive(fit.bits(resultTypes.z));
    target(io.out_flag).drive(fit.bool());
    const element = range(-9, 20);
    const list = target(io.out_list);
    list.set([fit.int(element), fit.int(element), fit.int(element)]);
    for (let i = random.between(0, 2); i > 0; i--) this.conditionally(() => list.at(random.below(3)).set(fit.int(element)));
    target(io.pair).drive({ left: fit.int(s(9)), right: fit.bits(bits(3)) });
  }
}

interface AnyTarget {
  drive(value: unknown): void;
  set(value: unknown): void;
  at(index: number): AnyTarget;
}

function target(value: unknown): AnyTarget {
  if (typeof value === 'object' && value !== null && 'drive' in value && 'set' in value) return value as AnyTarget;
  throw new TypeError('an output is a target');
}

function isClock(value: unknown): value is Parameters<ModuleBuilder['domain']>[0] {
  return typeof value === 'object' && value !== null && 'signal' in value;
}
