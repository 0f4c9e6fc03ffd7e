import { isSignal } from './check.js';
import { fail, type HdlIssue } from './error.js';
import { catAny, checkHome, widened, type Expression } from './expression.js';
import type { Instance } from './instance.js';
import { ModuleBuilder, type Module } from './module.js';
import { meant } from './nearest.js';
import { moduleName, parseParameters, throwIfAny, type ParameterInput, type ParameterSchema, type ParametersOf } from './parameter.js';
import { Signal } from './signal.js';
import { Site } from './site.js';
import { assign, layOut, readShape, targetFor, type TargetOf } from './target.js';
import type { ClockType, Type } from './type.js';
import { TrialWanted, Trials } from './trial.js';
import { Clock, leavesOf, type Like, type Of } from './value.js';

/** A port of a generator: its direction, its type and a sentence for readers of the Verilog. */
export interface PortDeclaration<D extends 'input' | 'output' = 'input' | 'output', T extends Type | ClockType = Type | ClockType> {
  readonly direction: D;
  readonly type: T;
  readonly doc: string;
  /** Where the generator declares it. */
  readonly site?: Site;
}

export interface Ports {
  readonly [name: string]: PortDeclaration | undefined;
}

/** An input of type `T`. */
export function input<T extends Type>(type: T, doc = ''): PortDeclaration<'input', T> {
  return { direction: 'input', type, doc, site: new Site() };
}

/** An output of type `T`. */
export function output<T extends Type>(type: T, doc = ''): PortDeclaration<'output', T> {
  return { direction: 'output', type, doc, site: new Site() };
}

/** The input of a clock. */
export function clock(doc = 'clock, rising edge'): PortDeclaration<'input', ClockType> {
  return { direction: 'input', type: { kind: 'clock', width: 1, signed: false }, doc, site: new Site() };
}

/** What a `build` sees of its ports: values of the inputs, targets for the outputs. */
export type Io<Q> = {
  readonly [K in keyof Q]: Q[K] extends infer D
    ? D extends PortDeclaration<'input', infer T> ? Of<T>
      : D extends PortDeclaration<'output', infer T> ? TargetOf<T>
        : undefined
    : never
};

type InputKeys<Q> = { [K in keyof Q]: NonNullable<Q[K]> extends PortDeclaration<'input'> ? K : never }[keyof Q];
type OutputKeys<Q> = { [K in keyof Q]: NonNullable<Q[K]> extends PortDeclaration<'output'> ? K : never }[keyof Q];

/** What an instance's inputs are connected to. */
export type InstanceInputs<Q> = {
  readonly [K in keyof Q as K extends InputKeys<Q> ? K : never]: Q[K] extends infer D
    ? D extends PortDeclaration<'input', infer T> ? Like<T> : undefined : never
};
/** An instance's outputs as values. */
export type InstanceOutputs<Q> = {
  readonly [K in keyof Q as K extends OutputKeys<Q> ? K : never]: Q[K] extends infer D
    ? D extends PortDeclaration<'output', infer T> ? Of<T> : undefined : never
};

/** What a generator is made of. */
export interface GeneratorSpec<S extends ParameterSchema, Q extends Ports> {
  /** The unit's name, such as `mac-tree`; the module's name begins with it. */
  readonly name: string;
  /** One sentence; it heads the Verilog. */
  readonly doc: string;
  readonly params: S;
  /** Parameters that contradict each other. */
  readonly check?: (P: ParametersOf<S>) => readonly { readonly parameter: keyof S & string; readonly message: string; readonly hint?: string }[];
  readonly ports: (P: ParametersOf<S>) => Q;
  readonly build: (m: ModuleBuilder, io: Io<Q>, P: ParametersOf<S>) => void;
}

/** A parameterized module. */
export interface Generator<S extends ParameterSchema, Q extends Ports> {
  readonly spec: GeneratorSpec<S, Q>;
  /** Of a vendor's primitive: how it is instanced. */
  readonly blackbox?: BlackboxDetail<S>;
}

export interface BlackboxDetail<S extends ParameterSchema> {
  /** The module's name in the vendor's library. */
  readonly module: string;
  /** The Verilog parameters of the instance, as constants are written in Verilog. */
  readonly verilogParameters: (P: ParametersOf<S>) => Readonly<Record<string, string>>;
  /** Verilog that stands in for the primitive in simulation. */
  readonly simulationVerilog?: string;
}

/** A generator whose parameters and ports are not known to the type checker. */
export interface AnyGenerator {
  readonly spec: Pick<GeneratorSpec<ParameterSchema, Ports>, 'name' | 'doc' | 'params'>;
  readonly blackbox?: Pick<BlackboxDetail<ParameterSchema>, 'module' | 'simulationVerilog'>;
  /** @internal */
  readonly make: (library: Library, given: Readonly<Record<string, unknown>>) => Module;
}

/** What `generator` makes. No intersection with `AnyGenerator`, whose open schema would let any parameter through. */
export interface MadeGenerator<S extends ParameterSchema, Q extends Ports> extends Generator<S, Q> {
  /** @internal */
  readonly make: AnyGenerator['make'];
}

/** Makes a generator; parameters and ports are inferred. */
export function generator<const S extends ParameterSchema, Q extends Ports>(spec: GeneratorSpec<S, Q>): MadeGenerator<S, Q> {
  return complete({ spec });
}

/**
 * Makes a generator for a vendor's primitive. The Verilog only instances it; `build` is its model for the evaluator.
 */
export function blackbox<const S extends ParameterSchema, Q extends Ports>(
  spec: GeneratorSpec<S, Q> & BlackboxDetail<S>,
): MadeGenerator<S, Q> {
  const { module, verilogParameters, simulationVerilog } = spec;
  return complete({
    spec,
    blackbox: { module, verilogParameters, ...(simulationVerilog === undefined ? {} : { simulationVerilog }) },
  });
}

function complete<S extends ParameterSchema, Q extends Ports>(made: Generator<S, Q>): MadeGenerator<S, Q> {
  const whole: MadeGenerator<S, Q> = {
    ...made,
    make: (library, given) => library.make(whole, given as ParameterInput<S>),
  };
  return whole;
}

/** A whole design: the top and everything below it, each module once, a module after those that it instances. */
export interface Design {
  readonly top: Module;
  readonly modules: readonly Module[];
}

/**
 * Builds a design: validates the parameters, runs the builds, checks every module.
 * @throws HdlError with all that is wrong with the parameters, or the first thing that is wrong in a `build`, or all
 *   that is wrong with a finished module
 */
export function elaborate<S extends ParameterSchema, Q extends Ports>(of: MadeGenerator<S, Q>, given: ParameterInput<S> = {}): Design {
  return elaborateAny(of, given);
}

/** The same for a generator whose parameters the type checker does not know. */
export function elaborateAny(of: AnyGenerator, given: Readonly<Record<string, unknown>>): Design {
  const library = new Library();
  const top = of.make(library, given);
  return { top, modules: library.modules };
}

/** The modules of one design: one for each generator and canonical parameters. */
export class Library {
  private readonly made = new Map<AnyGenerator, Map<string, Module>>();
  private readonly names = new Map<string, AnyGenerator>();
  private readonly underway: string[] = [];
  private readonly finished: Module[] = [];

  get modules(): readonly Module[] {
    return this.finished;
  }

  /** `site` is where an instance was asked for. */
  make<S extends ParameterSchema, Q extends Ports>(of: MadeGenerator<S, Q>, given: ParameterInput<S>, site?: Site): Module {
    const { spec } = of;
    const parameters = parseParameters(spec.name, spec.params, given, site);
    const contradictions = spec.check?.(parameters) ?? [];
    throwIfAny(contradictions.map((each): HdlIssue => ({ code: 'HDL403', site, ...each })));
    const key = JSON.stringify(parameters);
    const known = this.made.get(of)?.get(key);
    if (known !== undefined) return known;
    const name = moduleName(of.blackbox?.module ?? spec.name, spec.params, parameters);
    const module = this.build(of, name, parameters);
    const variants = this.made.get(of) ?? new Map<string, Module>();
    this.made.set(of, variants.set(key, module));
    this.finished.push(module);
    return module;
  }

  private build<S extends ParameterSchema, Q extends Ports>(of: MadeGenerator<S, Q>, name: string, parameters: ParametersOf<S>): Module {
    if (this.underway.includes(name)) {
      fail('HDL333', `module '${name}' contains itself (${[...this.underway, name].join(' > ')})`, 'a module may instance its own generator with other parameters only');
    }
    const other = this.names.get(name);
    if (other !== undefined) {
      fail('HDL203', `two modules of one design would be called '${name}'`, 'make each generator once, outside of build, and give each a name of its own');
    }
    this.names.set(name, of);
    this.underway.push(name);
    const trials = new Trials();
    const builder = this.attempt(of, name, parameters, trials);
    this.underway.pop();
    return builder.finish(of, parameters, of.blackbox?.verilogParameters(parameters) ?? {});
  }

  /** Runs a build; where it wants a trial, that one first, as a design of its own. */
  private attempt<S extends ParameterSchema, Q extends Ports>(of: MadeGenerator<S, Q>, name: string, parameters: ParametersOf<S>, trials: Trials): ModuleBuilder {
    for (;;) {
      const builder = new ModuleBuilder(name, this, trials.begin());
      try {
        of.spec.build(builder, openPorts(builder, of.spec.ports(parameters)) as Io<Q>, parameters);
        return builder;
      } catch (error) {
        if (!(error instanceof TrialWanted)) throw error;
      }
      const library = new Library();
      const trial = new ModuleBuilder(name, library, trials.beginTrial());
      of.spec.build(trial, openPorts(trial, of.spec.ports(parameters)) as Io<Q>, parameters);
      const top = trial.finish(of, parameters, of.blackbox?.verilogParameters(parameters) ?? {});
      trials.conclude({ top, modules: [...library.modules, top] });
    }
  }

  /** Instances a generator's module in `parent`. */
  instance<S extends ParameterSchema, Q extends Ports>(
    parent: ModuleBuilder, name: string, of: Generator<S, Q>, given: ParameterInput<S>, inputs: InstanceInputs<Q>,
  ): InstanceOutputs<Q> {
    const site = new Site();
    parent.takeName(name, site);
    const whole = of as MadeGenerator<S, Q>;
    const module = this.make(whole, given, site);
    const declared = of.spec.ports(parseParameters(of.spec.name, of.spec.params, given));
    const connections = connect(parent, name, declared, inputs, site);
    const outputs = new Map<string, Signal>();
    const instance: Instance = { name, module, inputs: connections, outputs, site };
    const values: Record<string, unknown> = {};
    for (const [port, declaration] of Object.entries(declared)) {
      if (declaration?.direction !== 'output' || declaration.type.kind === 'clock') continue;
      const shape = layOut(port, declaration.type, false, (leaf, type) => {
        const signal = parent.declare('instance', `${name}_${leaf}`, type, site, { source: { instance, port: leaf } });
        outputs.set(leaf, signal);
        return signal;
      });
      values[port] = readShape(shape, declaration.type);
    }
    parent.addInstance(instance);
    return values as InstanceOutputs<Q>;
  }
}

function openPorts(builder: ModuleBuilder, declared: Ports): Readonly<Record<string, unknown>> {
  const here = new Site();
  const io: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    if (declaration === undefined) continue;
    const { direction, type, doc, site = here } = declaration;
    if (type.kind === 'clock') {
      io[name] = new Clock(builder.declarePort('input', name, type, doc, site));
      continue;
    }
    const shape = layOut(name, type, false, (leaf, leafType) => builder.declarePort(direction, leaf, leafType, doc, site));
    io[name] = direction === 'input' ? readShape(shape, type) : targetFor(builder.scope, shape, type);
  }
  return io;
}

/** What each input port of an instance is connected to. */
function connect(
  parent: ModuleBuilder, instance: string, declared: Ports, given: Readonly<Record<string, unknown>>, site: Site,
): ReadonlyMap<string, Expression | Signal> {
  const issues: HdlIssue[] = [];
  const connections = new Map<string, Expression | Signal>();
  for (const [port, value] of Object.entries(given)) {
    // An input that is undefined is not given: a port may depend on parameters.
    if (value !== undefined && declared[port]?.direction !== 'input') {
      issues.push({ code: 'HDL332', message: `instance '${instance}' has no input '${port}'`, site, hint: `${meant(port, inputNames(declared))}its inputs are ${inputNames(declared).join(', ')}` });
    }
  }
  for (const [port, declaration] of Object.entries(declared)) {
    if (declaration?.direction !== 'input') continue;
    const value = given[port];
    if (value === undefined) {
      issues.push({ code: 'HDL331', message: `input '${port}' of instance '${instance}' is not connected`, site, hint: 'every input is connected, to a constant where nothing else is meant' });
    } else if (declaration.type.kind === 'clock') {
      if (value instanceof Clock) {
        checkHome(value.signal, parent, `input '${port}' of instance '${instance}'`);
        connections.set(port, value.signal);
      }
      else issues.push({ code: 'HDL331', message: `input '${port}' of instance '${instance}' is a clock and is connected to something else`, site, hint: 'connect a clock port of this module' });
    } else {
      connectValue(connections, port, declaration.type, value, site);
    }
  }
  for (const [port, value] of connections) if (!isSignal(value)) checkHome(value, parent, `input '${port}' of instance '${instance}'`);
  throwIfAny(issues);
  return connections;
}

function connectValue(
  connections: Map<string, Expression | Signal>, port: string, type: Type, value: unknown, site: Site,
): void {
  const parts = new Map<string, Expression[]>(leavesOf(port, type).map(leaf => [leaf.name, []]));
  const shape = layOut(port, type, false, (leaf, leafType) => new Signal('wire', leaf, leafType, parts, site));
  assign(shape, value, (slot, expression) => parts.get(slot.signal.name)?.push(widened(expression, slot.type)));
  for (const [leaf, elements] of parts) {
    const [only] = elements;
    if (only !== undefined) connections.set(leaf, elements.length === 1 ? only : catAny(elements.toReversed()));
  }
}

function inputNames(declared: Ports): readonly string[] {
  return Object.entries(declared).flatMap(([name, each]) => each?.direction === 'input' ? [name] : []);
}
