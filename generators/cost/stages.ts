import type { AnyGenerator, Design, Signal } from '../../hdl/index.js';
import type { Mapped } from './cells.js';
import type { RegisterBit } from './circuit.js';
import { devices, levelDelays, noDelays, partsOfLevel, type Device } from './device.js';
import type { Literal } from './logic.js';
import { mappedTo } from './map.js';
import { longestPath, timingOf, type Timing } from './timing.js';

/** Registers that stand side by side: a place where a pipeline may be cut. */
export type Boundary = readonly Signal[];

/** The stages of a design between its boundaries. */
export interface Stages {
  /** Boundaries, and the end of the pipeline. */
  readonly count: number;
  /**
   * Levels of logic from boundary `from` to boundary `to` with those between taken away; a LUT is a level, and eight bits of a carry chain are one. 0 is
   * the input of the unit, 1 the first boundary.
   */
  depth(from: number, to: number): number;
  /** Bits of the registers at a boundary. */
  bits(boundary: number): number;
}

/**
 * Measures the stages of a design that has registers at all of its boundaries.
 * @param boundaries in their order, the last one at the end of the pipeline
 * @returns undefined for a design that is too large for the cost model
 */
export function measuredStages(design: Design, boundaries: readonly Boundary[]): Stages | undefined {
  const { generator, parameters } = design.top;
  const key = JSON.stringify({ ...parameters, pipeline: undefined });
  const known = last.get(generator);
  if (known?.key === key) return known.stages;
  const stages = measured(design, boundaries);
  last.set(generator, { key, stages });
  return stages;
}

/** What was measured of each generator last: where only the number of levels changes, it is the same again. */
const last = new WeakMap<AnyGenerator, { readonly key: string; readonly stages: Stages | undefined }>();

/** Levels of logic of the deepest stage of a design, between any of its registers; undefined for a design that is too large for the cost model. */
export function deepestStage({ top, modules }: Design): number | undefined {
  const { device, dsp } = placeOf(top);
  const mapped = mappedTo({ top, modules }, device, dsp);
  return mapped === undefined ? undefined : longestPath(mapped, timingOf(mapped, device, levelDelays(device))) / partsOfLevel;
}

/** What a design is measured for: the device of its target, an iCE40 where it has none, with hard multipliers or without. */
function placeOf({ parameters: { target, dsp } }: Design['top']): { readonly device: Device; readonly dsp: boolean } {
  return { device: devices[target === 'ecp5' || target === 'xc7' ? target : 'ice40'], dsp: dsp === true };
}

function measured({ top, modules }: Design, boundaries: readonly Boundary[]): Stages | undefined {
  const { device, dsp } = placeOf(top);
  const mapped = mappedTo({ top, modules }, device, dsp);
  if (mapped === undefined) return undefined;
  const bits = boundaries.map(signals => signals.flatMap(signal => mapped.circuit.registersOfTop.get(signal) ?? []));
  const depths = depthsOf(mapped, device, bits);
  return { count: boundaries.length, depth: (from, to) => ((depths[from]?.[to] ?? 0) + (to > from + 1 ? seam : 0)) / partsOfLevel, bits: boundary => bits[boundary - 1]?.length ?? 0 };
}

/** Eighths of a level by which stages that become one may be deeper than the sum of their paths: adders that are fed by adders are built with another bit. */
const seam = 2;

/** By boundary of the beginning and of the end, in eighths of a level. */
function depthsOf(mapped: Mapped, device: Device, boundaries: readonly (readonly RegisterBit[])[]): readonly (readonly number[])[] {
  const { needs } = mapped;
  const places = new Map<RegisterBit, number>();
  boundaries.forEach((registers, i) => { for (const register of registers) places.set(register, i + 1); });
  // What is no boundary and takes a value: registers that hold a state, memories. Each belongs to the stage of the last boundary before it.
  const ends = needs.sinks.filter(({ cell }) => (cell?.kind === 'register' && !places.has(cell)) || cell?.kind === 'memory').map(({ literal }) => literal);
  const stage = timingOf(mapped, device, noDelays, { startOf: register => register === undefined ? 0 : places.get(register) ?? 0 });
  const stages = ends.map(literal => stage.at(literal));
  const isNeeded = (register: RegisterBit): boolean => needs.cells.has(register);
  const latest = (timing: Timing, literals: readonly Literal[]): number => literals.reduce((most, literal) => Math.max(most, timing.at(literal)), 0);
  return [[], ...boundaries].map((_, from) => {
    const timing = timingOf(mapped, device, levelDelays(device), { passes: register => (places.get(register) ?? 0) > from });
    let within = 0;
    return [...new Array<number>(from + 1).fill(0), ...boundaries.slice(from).map((registers, i) => {
      within = Math.max(within, latest(timing, ends.filter((__, end) => stages[end] === from + i)));
      return Math.max(within, latest(timing, registers.filter(isNeeded).map(({ next }) => next)));
    })];
  });
}
