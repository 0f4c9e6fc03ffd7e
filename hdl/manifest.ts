import type { Design } from './generator.js';
import type { Module, Port, Timing } from './module.js';
import { HdlError } from './error.js';
import type { ParameterRecord } from './parameter.js';
import { bits, type ScalarType, type VecElement } from './type.js';

/** What is known of a unit beside its Verilog: the contract that testbenches, synthesis runs and users read. */
export interface Manifest {
  /** Version of this layout. */
  readonly schema: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly unit: string;
  /** All parameters, in the order of the schema. */
  readonly parameters: ParameterRecord;
  /** The Verilog module. */
  readonly top: string;
  readonly files: readonly string[];
  /** In the order of the Verilog module. */
  readonly ports: readonly ManifestPort[];
  /** Port names; absent in a design without registers, or without a reset. */
  readonly clock?: string;
  readonly reset?: string;
  readonly flow: Timing['flow'];
  /** Clocks from an accepted beat to its result when nothing stalls; absent where it depends on data. */
  readonly latency?: number;
  /** Clocks between two beats at full speed. */
  readonly interval: number;
  readonly streams: readonly ManifestStream[];
  /** Names in the Verilog, and where the generator's source declares them. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface ManifestPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** All bits of the port. */
  readonly width: number;
  /** Whether the elements are two's complement. */
  readonly signed: boolean;
  readonly elements: number;
  /** Element i is `port[i*elementWidth +: elementWidth]`. */
  readonly elementWidth: number;
  readonly doc: string;
  /** Least and largest legal value of an element, decimal, where they are not those of the whole width. */
  readonly min?: string;
  readonly max?: string;
}

export interface ManifestStream {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly valid?: string;
  readonly ready?: string;
  /** The port that marks the last beat of a packet. */
  readonly last?: string;
  readonly payload: readonly string[];
}

/**
 * The manifest of a design.
 * @throws HdlError HDL341 where the top module made no promise about its timing
 */
export function manifest(design: Design, tool: Manifest['tool']): Manifest {
  const { top } = design;
  const { timing } = top;
  if (timing === undefined) {
    throw new HdlError([{
      code: 'HDL341', message: `module ${top.name} says nothing of its flow and latency`, hint: 'say m.promise({ flow, latency, interval, streams }) in its build',
    }]);
  }
  const { flow, latency, interval, streams } = timing;
  return {
    schema: 1, tool, unit: top.generator.spec.name, parameters: top.parameters, top: top.name, files: [`${top.name}.v`],
    ports: top.ports.map(portOf), ...clocking(top), flow, ...(latency === undefined ? {} : { latency }), interval, streams,
    sources: sourcesOf(design),
  };
}

function portOf({ signal, direction, doc }: Port): ManifestPort {
  const { type } = signal;
  const element = type.kind === 'vec' ? elementOf(type.element) : type.kind === 'clock' ? bits(1) : type;
  const common = {
    name: signal.name, direction, width: type.width, signed: element.signed,
    elements: type.width / element.width, elementWidth: element.width, doc,
  };
  if (element.kind === 'enum') return { ...common, min: '0', max: String(element.names.length - 1) };
  if (element.kind !== 'int') return common;
  const full = element.signed ? -element.min === 1n << BigInt(element.width - 1) : element.min === 0n;
  const top = (1n << BigInt(element.signed ? element.width - 1 : element.width)) - 1n;
  return full && element.max === top ? common : { ...common, min: String(element.min), max: String(element.max) };
}

function elementOf(type: VecElement): ScalarType {
  return type.kind === 'vec' ? elementOf(type.element) : type;
}

function clocking({ domains, ports }: Module): Pick<Manifest, 'clock' | 'reset'> {
  const [domain] = domains;
  const clock = ports.find(port => port.signal === domain?.clock);
  const reset = ports.find(port => port.signal === domain?.reset?.value.detail.signal);
  return {
    ...(clock === undefined ? {} : { clock: clock.signal.name }),
    ...(reset === undefined ? {} : { reset: reset.signal.name }),
  };
}

/** Names of other modules than the top are given as `MODULE.NAME`. */
function sourcesOf({ top, modules }: Design): Manifest['sources'] {
  const entries = modules.flatMap(module => {
    const prefix = module === top ? '' : `${module.name}.`;
    const named = [...module.ports.map(port => port.signal), ...module.signals, ...module.memories, ...module.instances];
    return named.map(({ name, site }) => [`${prefix}${name}`, site.place()] as const);
  });
  return Object.fromEntries(entries);
}
