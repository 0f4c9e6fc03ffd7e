/** The units and how they are generated. */
import {
  HdlError, describeParameters as describeSchema, elaborateAny, evaluate, manifest, nearest, verilog,
  type AnyGenerator, type Evaluator, type Manifest, type ParameterInfo,
} from '../hdl/index.js';
import { deviceNames, predictCost, type Cost } from './cost/cost.js';
import { activationEncoder } from './activation-encoder/activation-encoder.js';
import { floatConvert } from './float-convert/float-convert.js';
import { floatDot } from './float-dot/float-dot.js';
import { floatMul } from './float-mul/float-mul.js';
import { macTree } from './mac-tree/mac-tree.js';
import { pruneUnit } from './prune-unit/prune-unit.js';
import { zeroSkipConv } from './zero-skip-conv/zero-skip-conv.js';
import { tool } from './tool.js';
import { xnorConv } from './xnor-conv/xnor-conv.js';
import { xnorDot } from './xnor-dot/xnor-dot.js';

export {
  HdlError, type Evaluator, type HdlIssue, type Manifest, type ManifestPort, type ManifestStream, type ParameterInfo, type ParameterRecord, type ParameterValue,
} from '../hdl/index.js';
export { deviceNames, type Cost } from './cost/cost.js';
export { choose, strategyNames, type Candidate, type Choice, type StrategyName, type Wishes } from './choose.js';
export { tool } from './tool.js';

/** One unit that can be generated. */
export interface GeneratorEntry {
  /** The name in commands and manifests, such as `mac-tree`. */
  readonly name: string;
  readonly summary: string;
  readonly generator: AnyGenerator;
}

/** All units, in the order in which they are listed to users. */
export const units: readonly GeneratorEntry[] = [macTree, activationEncoder, floatMul, floatConvert, floatDot, xnorDot, xnorConv, zeroSkipConv, pruneUnit].map(generator => ({
  name: generator.spec.name, summary: generator.spec.doc, generator,
}));

/** The unit of that name; undefined where there is none. */
export function findGenerator(name: string): GeneratorEntry | undefined {
  return units.find(unit => unit.name === name);
}

/** What `generate` gives: the text of the one Verilog file, and what is known of it. */
export interface Generated {
  readonly verilog: string;
  readonly manifest: Manifest;
}

/**
 * Generates a unit.
 * @param parameters any part of the unit's parameters; the rest is the default
 * @throws HdlError HDL405 for an unknown unit, HDL401 to HDL403 for parameters that are unknown, not allowed or contradict each other
 */
export function generate(name: string, parameters: Readonly<Record<string, unknown>> = {}, options: { readonly sourceLines?: boolean } = {}): Generated {
  const design = elaborateAny(unitNamed(name).generator, parameters);
  const { sourceLines = true } = options;
  return { verilog: verilog(design, { sourceLines }), manifest: manifest(design, tool) };
}

/**
 * What a unit will cost on the device family of its target, or where that is `generic` on each of them; empty for a very large unit.
 * @throws HdlError as `generate` does
 */
export function predict(name: string, parameters: Readonly<Record<string, unknown>> = {}): readonly Cost[] {
  const design = elaborateAny(unitNamed(name).generator, parameters);
  const { target, dsp } = design.top.parameters;
  return deviceNames.filter(device => target === undefined || target === 'generic' || target === device)
    .flatMap(device => predictCost(design, device, { dsp: dsp === true }) ?? []);
}

/**
 * A unit to be evaluated on exact integers, port by port and edge by edge, without any tool.
 * @throws HdlError as `generate` does
 */
export function evaluateUnit(name: string, parameters: Readonly<Record<string, unknown>> = {}): Evaluator {
  return evaluate(elaborateAny(unitNamed(name).generator, parameters));
}

/**
 * What a unit's parameters are, in their canonical order.
 * @throws HdlError HDL405 for an unknown unit
 */
export function describeParameters(name: string): readonly ParameterInfo[] {
  return describeSchema(unitNamed(name).generator.spec.params);
}

function unitNamed(name: string): GeneratorEntry {
  const unit = findGenerator(name);
  if (unit !== undefined) return unit;
  const names = units.map(each => each.name);
  const near = nearest(name, names);
  throw new HdlError([{
    code: 'HDL405', message: `there is no unit '${name}'`,
    hint: `${near === undefined ? '' : `did you mean '${near}'? `}the units are ${names.join(', ')}`,
  }]);
}
