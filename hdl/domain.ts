import { fail } from './error.js';
import { checkHome, type Bits, type Bool, type Enum, type Expression, type Int, type Value } from './expression.js';
import type { ModuleBuilder } from './module.js';
import { checkIdentifier } from './names.js';
import { readNode, type Memory, type WordType } from './memory.js';
import { Signal, type ClockDomain, type RegisterDetail } from './signal.js';
import { Site } from './site.js';
import { assign, assignEach, isSlot, layOut, readShape, targetFor, type Shape, type Slot, type VariableOf } from './target.js';
import { enumeration, type EnumType, type Type } from './type.js';
import { typeOfValue, type Like, type Of, type Vec } from './value.js';

/** How a register behaves beside its clock. */
export interface RegisterOptions<T> {
  /** Its value after reset; without one the register is not reset. */
  readonly reset?: Like<T>;
  /** It changes only at edges where this holds (a reset needs no enable). */
  readonly enable?: Bool;
  /** Synthesis must leave it as it is: not merged, not moved into a hard block. */
  readonly keep?: boolean;
}

/** What `delay` takes: any value, and vecs and bundles of them. */
export type Delayable = Value | Vec | { readonly [field: string]: Delayable };

/** Of a delay: a reset value goes to each scalar of a vec or bundle. */
export interface DelayOptions {
  readonly reset?: number | bigint | boolean;
  readonly enable?: Bool;
  readonly keep?: boolean;
}

/** The states of an FSM as a value: `is` asks for one of them. */
export interface Fsm<N extends string> {
  readonly q: Of<EnumType<N>>;
  /** True in state `name`. */
  is(name: N): Bool;
}

/** A clock with its reset: where registers are made. */
export class Domain {
  private readonly module: ModuleBuilder;
  /** @internal */
  readonly clocking: ClockDomain;
  private readonly gate: Bool | undefined;

  constructor(module: ModuleBuilder, clocking: ClockDomain, gate?: Bool) {
    this.module = module;
    this.clocking = clocking;
    this.gate = gate;
  }

  /** The same clock and reset; registers made here change only where `enable` holds. */
  gated(enable: Bool): Domain {
    checkHome(enable, this.module, 'an enable');
    return new Domain(this.module, this.clocking, this.gate === undefined ? enable : this.gate.and(enable));
  }

  /** A register of any type; a vec or bundle becomes one register for each scalar. Without a value it holds. */
  reg<T extends Type>(name: string, type: T, options: RegisterOptions<T> = {}): VariableOf<T> {
    return targetFor(this.module.scope, this.layOutRegister(name, type, options), type);
  }

  /** A register that takes `value` at each edge; gives its output. The type is the value's own. */
  delay<V extends Delayable>(name: string, value: V, options: DelayOptions = {}): V {
    const type = typeOfValue(value);
    const { reset, ...others } = options;
    const shape = this.layOutRegister(name, type, others, reset);
    assign(shape, value, (slot, expression) => this.module.scope.drive(slot, expression, slot.signal.site));
    return readShape(shape, type) as Of<Type> as V;
  }

  /** A state machine; the first state is the one after reset. `go` names the next state; without it the state holds. */
  fsm<const N extends readonly [string, ...string[]]>(
    name: string, states: N, bodies: { readonly [S in N[number]]: (go: (next: N[number]) => void) => void },
  ): Fsm<N[number]> {
    const type: EnumType<N[number]> = { ...enumeration(...states), label: name };
    for (const state of states) checkIdentifier(state, new Site());
    const [first] = states;
    const shape = this.layOutRegister(name, type, { reset: first });
    if (!isSlot(shape)) throw new TypeError('an enumeration is one register');
    const go = (next: string): void => {
      const site = new Site();
      assign(shape, next, (slot, expression) => this.module.scope.set(slot, expression, site));
    };
    const state = readShape(shape, type);
    const behaviours: Readonly<Record<string, (go: (next: N[number]) => void) => void>> = bodies;
    this.module.scope.switch(readNode(shape.signal, 0, type), states.map(each => [each, () => behaviours[each]?.(go)] as const));
    return { q: state, is: wanted => state.is(wanted) };
  }

  /** A read of `memory` that gives the word at `address` one edge later; `enable` holds the last word. */
  read<T extends WordType>(name: string, memory: Memory<T>, address: Int | number, options?: { readonly enable?: Bool }): Of<T>;
  read(name: string, memory: Memory, address: Int | number, options: { readonly enable?: Bool } = {}): Int | Bits | Bool | Enum {
    checkHome(memory, this.module, `'${name}'`);
    const enable = this.enabled(options.enable);
    const signal = this.module.declare('register', name, memory.type, new Site(), {
      register: {
        domain: this.clocking,
        ...(enable === undefined ? {} : { enable }),
        read: { memory, address: memory.at(address) },
      },
    });
    memory.syncReads.push(signal);
    return readNode(signal, 0, memory.type);
  }

  /** A write port of `memory`: at each edge where `enable` holds, `data` goes to `address`. */
  write<T extends WordType>(memory: Memory<T>, address: Int | number, data: Like<T>, options: { readonly enable?: Bool } = {}): void {
    checkHome(memory, this.module, `a write of memory '${memory.name}'`);
    this.module.write(memory, this.clocking, memory.at(address), data, this.enabled(options.enable));
  }

  private layOutRegister<T extends Type>(name: string, type: T, options: RegisterOptions<T>, everywhere?: number | bigint | boolean): Shape {
    const site = new Site();
    const reset = options.reset ?? everywhere;
    if (reset !== undefined && this.clocking.reset === undefined) {
      fail('HDL311', `register '${name}' has a reset value, but its domain has no reset`, 'give the domain a reset: m.domain(clk, { reset: rst })', site);
    }
    const enable = this.enabled(options.enable);
    const detail = (resetValue: bigint | undefined): RegisterDetail => ({
      domain: this.clocking,
      ...(resetValue === undefined ? {} : { resetValue }),
      ...(enable === undefined ? {} : { enable }),
      ...(options.keep === undefined ? {} : { keep: options.keep }),
    });
    const values = this.resetValues(name, type, options.reset, site, everywhere);
    return layOut(name, type, true, (leaf, leafType) =>
      this.module.declare('register', leaf, leafType, site, { register: detail(values.get(leaf)) }));
  }

  /** Reset values by register name; each must be a constant that fits. */
  private resetValues(
    name: string, type: Type, reset: unknown, site: Site, everywhere: number | bigint | boolean | undefined,
  ): ReadonlyMap<string, bigint> {
    const values = new Map<string, bigint>();
    const trial = layOut(name, type, true, (leaf, leafType) => new Signal('register', leaf, leafType, {}, site));
    const note = ({ label, signal }: Slot, { constant }: Expression): void => {
      if (constant === undefined) {
        fail('HDL312', `the reset value of '${label}' is not a constant`, 'a register is reset to a constant; give any other value with set or drive', site);
      }
      values.set(signal.name, constant);
    };
    if (reset !== undefined) assign(trial, reset, note, 'reset value');
    else if (everywhere !== undefined) assignEach(trial, everywhere, note, 'reset value');
    return values;
  }

  private enabled(enable: Bool | undefined): Bool | undefined {
    if (enable !== undefined) checkHome(enable, this.module, 'an enable');
    if (this.gate === undefined) return enable;
    return enable === undefined ? this.gate : this.gate.and(enable);
  }
}
