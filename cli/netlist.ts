import { generate, HdlError, type Generated } from '../generators/index.js';
import { modelled } from '../synth/models.js';
import { prove, type Check } from '../synth/proof.js';
import type { Synthesis } from '../synth/synthesize.js';
import { targetNames, type TargetName } from '../synth/targets.js';
import { findUnit } from '../testbench/units/index.js';
import { verify } from '../testbench/verify.js';
import type { UnitCall } from './command.js';
import { CliError, wrongCall } from './error.js';
import { quoted, type Flags } from './flags.js';
import { alternatives, suggestion } from './nearest.js';

/** A unit generated for a device. */
export interface DeviceDesign extends Generated {
  /** The target it was generated for: that of the device where the unit offers it, else `generic`. */
  readonly rtl: string;
  /** Were hard multipliers allowed? */
  readonly dsp: boolean;
}

/**
 * Generates a unit for a device: `dsp` decides about hard multipliers in the generator as in synthesis, and where it is not given the parameters do, else there are none.
 * @throws HdlError as `generate` does
 */
export function designFor({ name, parameters }: UnitCall, target: TargetName, options: { readonly genericRtl: boolean; readonly dsp?: boolean | undefined }): DeviceDesign {
  const takes = (key: string): boolean => key in generate(name).manifest.parameters;
  const dsp = options.dsp ?? parameters.dsp === true;
  const given = { ...parameters, ...(takes('dsp') ? { dsp } : {}) };
  const made = (rtl: string): DeviceDesign => ({ ...generate(name, { ...given, ...(takes('target') ? { target: rtl } : {}) }), rtl, dsp });
  if (options.genericRtl || target === 'generic') return made('generic');
  try {
    return made(target);
  } catch (error) {
    if (error instanceof HdlError && error.issues.every(issue => issue.parameter === 'target')) return made('generic');
    throw error;
  }
}

/** Beats that a netlist which is beyond the proof must get right. */
const simulatedBeats = 100_000;

/**
 * How far the netlist of a unit is known to be the unit: proven, else run in Verilator against the golden model. Without a unit there is only the proof.
 * @throws SynthesisError, TestbenchError where a tool is missing or fails
 */
export async function checkNetlist(synthesis: Synthesis, design: Generated | undefined, signal: AbortSignal): Promise<Check> {
  const proof = await prove(synthesis, { signal });
  if (proof.verdict !== 'unchecked' || design === undefined) return proof;
  const models = await modelled(synthesis, { signal });
  if ('missing' in models) return { verdict: 'unchecked', why: `${proof.why}, and ${models.missing} has no simulation model` };
  const verdict = await verify(findUnit(design.manifest.unit), { verilog: models.verilog, manifest: design.manifest }, { lint: false, vectors: simulatedBeats, signal });
  if (verdict.failure !== undefined) return { verdict: 'WRONG', why: `the ${synthesis.target.title} netlist of ${design.manifest.top} does not do what its golden model does: ${verdict.failure.message}` };
  return { verdict: 'simulated', beats: verdict.waves.beats + verdict.bulk.beats, seconds: verdict.seconds };
}

/**
 * The netlist of a synthesis as a design for the testbench.
 * @throws CliError where a cell has no simulation model
 */
export async function netlistDesign(synthesis: Synthesis, { manifest }: Generated, signal: AbortSignal): Promise<Generated> {
  const models = await modelled(synthesis, { signal });
  if ('missing' in models) throw new CliError(2, `The netlist has cells of the type ${models.missing}, which have no simulation model; --no-dsp makes one without hard multipliers.`);
  return { verilog: models.verilog, manifest: { ...manifest, files: [`${manifest.top}.${synthesis.target.name}.v`] } };
}

/** The device that a flag names. */
export function targetOf(flags: Flags, flag: string): TargetName {
  const text = flags.text(flag);
  if (text === undefined) throw wrongCall(`--${flag} is missing; it takes ${alternatives(targetNames)}.`);
  const found = targetNames.find(name => name === text);
  if (found === undefined) throw wrongCall(`--${flag} is ${quoted(text)}; it takes ${alternatives(targetNames)}.${suggestion(text, targetNames)}`);
  return found;
}
