import { readFile } from 'node:fs/promises';
import { describeParameters, generate, units } from '../generators/index.js';
import type { VerilogDesign } from '../synth/equivalence/equivalence.js';
import { wrongCall } from './error.js';
import { explainRead } from './file-error.js';
import { quoted } from './flags.js';
import { readJson } from './json-file.js';
import { alternatives, suggestion } from './nearest.js';
import { checkedParameters } from './parameters.js';

/** What stands for a design in a call: a Verilog file, or a JSON file of which one is generated. */
export const designFileDoc = 'a Verilog file, or a JSON file with a unit and its parameters, such as a manifest, of which the Verilog is generated';

/** A design that is compared. */
export interface ComparedDesign extends VerilogDesign {
  /** Of one that is generated: how beats go through it, and its clocks from a beat to its result where it has a fixed number. */
  readonly timing?: { readonly flow: string; readonly latency: number };
}

/**
 * Why designs with different latencies differ, and how they are compared; undefined where that is not known or the offset is right.
 * @param offset clocks that the second was taken to be later
 */
export function latencyHint(first: ComparedDesign, second: ComparedDesign, offset: number): string | undefined {
  if (first.timing === undefined || second.timing === undefined) return undefined;
  const later = second.timing.latency - first.timing.latency;
  if (later === offset) return undefined;
  const latencies = `Their latencies are ${first.timing.latency} and ${second.timing.latency} clocks`;
  const how = later === 0 ? 'without --offset' : `with --offset ${Math.abs(later)}${later < 0 ? ' and the second one first' : ''}`;
  if (first.timing.flow !== 'stream' && second.timing.flow !== 'stream') return `${latencies}: they are to be compared ${how}.`;
  return `${latencies}, and streams are compared clock by clock, stalls included: what they compute is compared where both have the flow 'valid', ${how}.`;
}

/**
 * The design of a file.
 * @param wantedTop its top module; of a file of Verilog its only one if not given
 * @throws CliError where the file cannot be read, is for no unit, or has not the module
 */
export async function designOfFile(file: string, wantedTop: string | undefined): Promise<ComparedDesign> {
  if (file.endsWith('.json')) return generatedDesign(file);
  const verilog = await readFile(file, 'utf8').catch((error: unknown) => {
    throw explainRead(error, file, 'equiv');
  });
  const modules = [...verilog.matchAll(/^\s*module\s+(\w+)/gm)].map(([, name = '']) => name);
  if (wantedTop !== undefined && !modules.includes(wantedTop)) throw wrongCall(`The file ${quoted(file)} has no module '${wantedTop}'; it has ${modules.length === 0 ? 'none' : alternatives(modules)}.${suggestion(wantedTop, modules)}`);
  if (modules.length === 0) throw wrongCall(`The file ${quoted(file)} has no module.`);
  const tops = modules.length === 1 ? modules : notInstanced(modules, verilog);
  const [only, second] = tops;
  if (wantedTop === undefined && (only === undefined || second !== undefined)) throw wrongCall(`The file ${quoted(file)} has the modules ${(only === undefined ? modules : tops).join(', ')}; say with --top which of them is compared.`);
  return { name: file, verilog, top: wantedTop ?? only ?? '' };
}

/** The modules that no other one has an instance of, as far as names tell: `NAME instance (` or `NAME #(`. */
function notInstanced(modules: readonly string[], verilog: string): readonly string[] {
  const code = verilog.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ' ');
  const instanced = new Set([...code.matchAll(/(?<!\bmodule\s+)\b(\w+)\s*(?:#\s*\(|\s\w+\s*\()/g)].map(([, name = '']) => name));
  return modules.filter(name => !instanced.has(name));
}

/** The design of `{ "unit": "mac-tree", "parameters": { "lanes": 8 } }`. */
async function generatedDesign(file: string): Promise<ComparedDesign> {
  const content = await readJson(file, 'equiv');
  const { unit, parameters } = unitOfJson(content, file);
  const { verilog, manifest } = generate(unit, checkedParameters(unit, describeParameters(unit), parameters, file, 'equiv'));
  const { flow, latency } = manifest;
  return { name: file, verilog, top: manifest.top, ...(latency === undefined ? {} : { timing: { flow, latency } }) };
}

/** Unit and parameters of a manifest, or of what is written like one. */
export function unitOfJson(content: unknown, file: string): { readonly unit: string; readonly parameters: object } {
  if (typeof content !== 'object' || content === null || !('unit' in content)) throw wrongCall(`The file ${quoted(file)} names no unit, such as {"unit": "mac-tree", "parameters": {"lanes": 8}}.`);
  const names = units.map(({ name }) => name);
  if (typeof content.unit !== 'string' || !names.includes(content.unit)) throw wrongCall(`The file ${quoted(file)} is for the unit ${quoted(String(content.unit))}; the units are ${alternatives(names)}.`);
  const parameters = 'parameters' in content ? content.parameters : {};
  if (typeof parameters !== 'object' || parameters === null) throw wrongCall(`The file ${quoted(file)} has parameters that are no JSON object.`);
  return { unit: content.unit, parameters };
}
