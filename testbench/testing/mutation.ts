import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { findUnit } from '../units/index.js';
import { verify, type Verdict } from '../verify.js';
import type { Design } from '../verilator/build.js';

/** The design with its Verilog changed; a change that finds nothing to change is an error of the test. */
export function mutated(design: Design, from: string | RegExp, to: string): Design {
  const verilog = design.verilog.replace(from, to);
  expect(verilog, 'the mutation applies').not.toBe(design.verilog);
  return { ...design, verilog };
}

/** How much is run. */
export interface VerifyLimits {
  readonly waveBeats?: number;
  readonly vectors?: number;
}

/** The verdict on a broken design: a failure with a picture, a waveform and an SVG in `directory`, or the test fails. */
export async function failingVerdict(directory: string, unit: string, design: Design, options: VerifyLimits = {}): Promise<Verdict> {
  const verdict = await verify(findUnit(unit), design, { seed: 3, waveBeats: 400, vectors: 50_000, lint: false, failureDirectory: directory, ...options });
  expect(verdict.verdict).toBe('fail');
  expect(verdict.failure?.picture).toContain('clk');
  for (const file of verdict.failure?.files ?? []) expect(existsSync(file), file).toBe(true);
  expect(verdict.failure?.files.some(file => file.endsWith('.vcd'))).toBe(true);
  const svg = verdict.failure?.files.find(file => file.endsWith('.svg')) ?? '';
  expect(readFileSync(svg, 'utf8')).toContain('<svg');
  return verdict;
}
