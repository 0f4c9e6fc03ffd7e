import type { Port } from './ports.js';

/** A Verilog design whose top module is compared with another's. */
export interface VerilogDesign {
  /** What messages call it: a file name, or a unit with its parameters. */
  readonly name: string;
  /** All modules that it needs. */
  readonly verilog: string;
  readonly top: string;
}

/** The bits of one port, as an unsigned number. */
export interface PortValue {
  readonly port: string;
  readonly width: number;
  readonly value: bigint;
  /** Of a design with registers: the clock, from the first of the reset, 0. */
  readonly clock?: number;
}

/** An output for which two designs differ. */
export interface OutputDifference {
  readonly port: string;
  readonly width: number;
  /** Of the first design, which says what is right, and of the second. */
  readonly expected: bigint;
  readonly seen: bigint;
  /** As of the inputs. */
  readonly clock?: number;
}

/** What a simulator must know of a design to run it: its ports, and the clock among them. */
export interface Interface {
  readonly ports: readonly Port[];
  readonly clock?: string;
}

/** Inputs for which two designs differ, confirmed by evaluating both. */
export interface Counterexample {
  /** Those that are not given are 0. */
  readonly inputs: readonly PortValue[];
  readonly outputs: readonly OutputDifference[];
  /** Of both designs. */
  readonly interfaces: readonly [gold: Interface, gate: Interface];
  /** Clocks that the second design is later: it gives in clock c + offset what is compared with clock c of the first. */
  readonly offset: number;
}

/** Whether two designs do the same. Only a finished proof is `equal`; `by` says what decided where it was not z3. */
export type Verdict =
  | { readonly verdict: 'equal'; readonly by?: string }
  /** One sentence says how they differ. */
  | { readonly verdict: 'different'; readonly reason: string; readonly counterexample?: Counterexample; readonly by?: string }
  /** One sentence says why nothing is known. */
  | { readonly verdict: 'unknown'; readonly reason: string; readonly by?: string };

export type Equivalence = Verdict & {
  /** What decided, with its version. */
  readonly engine: string;
  readonly seconds: number;
};

/** The first difference of a counterexample as a sentence. */
export function differenceText({ inputs, outputs }: Counterexample): string {
  const [first] = outputs;
  const shown = first === undefined ? 'the outputs differ' : `${first.port} is ${bits(first.width, first.seen)}, expected ${bits(first.width, first.expected)}`;
  if (first?.clock !== undefined) return `In clock ${first.clock}, ${shown}.`;
  const given = inputs.map(({ port, width, value }) => `${port} = ${bits(width, value)}`).join(', ');
  return `With ${given}, ${shown}.`;
}

/** A value as Verilog writes it. */
export function bits(width: number, value: bigint): string {
  return `${width}'h${value.toString(16).padStart(Math.ceil(width / 4), '0')}`;
}
