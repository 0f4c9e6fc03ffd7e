import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inFolder, isInstalled, runTool } from '../hdl/testing/simulators.js';
import { findGenerator, generate, units } from './index.js';
import { parameterSets } from './testing/parameter-sets.js';

const generated = [
  ...units.map(unit => generate(unit.name)),
  generate('mac-tree', { lanes: 256 }),
  ...parameterSets().map(([unit, parameters]) => generate(unit, parameters)),
].map(({ verilog, manifest }) => ({ verilog, top: manifest.top, parameters: manifest.parameters }));
const designs = [...new Map(generated.map(design => [design.top, design])).values()];

it('the parameter sets take every choice at least twice', () => {
  expect(new Set(designs.map(design => design.top)).size).toBeGreaterThanOrEqual(60);
  const choices = (key: string): ReadonlyMap<unknown, number> => {
    const counts = new Map<unknown, number>();
    for (const { parameters } of designs) counts.set(parameters[key], (counts.get(parameters[key]) ?? 0) + 1);
    return counts;
  };
  for (const [key, { info }] of Object.entries(findGenerator('mac-tree')?.generator.spec.params ?? {})) {
    if (key === 'target') continue;
    for (const choice of info.choices ?? (info.kind === 'bool' ? [true, false] : [])) {
      expect(choices(key).get(choice) ?? 0, `${key} ${choice}`).toBeGreaterThanOrEqual(2);
    }
  }
});

it('module names stay below the length at which Verilator hashes them', () => {
  for (const { top } of designs) expect(top.length).toBeLessThanOrEqual(100);
});

it('verilator --lint-only -Wall, iverilog -g2005 -Wall and Yosys have nothing to say', async () => {
  await inFolder(async folder => {
    for (const { verilog, top } of designs) writeFileSync(join(folder, `${top}.v`), verilog);
    const files = designs.map(({ top }) => `${top}.v`);
    for (const file of files) {
      const { status, output } = await runTool('verilator', ['--lint-only', '-Wall', file], folder);
      expect({ file, status, output: output.trim() }).toEqual({ file, status: 0, output: '' });
    }
    writeFileSync(join(folder, 'all.v'), everyModuleOnce(designs.filter(({ verilog }) => !hasPrimitives(verilog))));
    for (const file of ['all.v', ...designs.filter(({ verilog }) => hasPrimitives(verilog)).map(({ top }) => `${top}.v`)]) {
      if (isInstalled('iverilog')) {
        const { status, output } = await runTool('iverilog', ['-g2005', '-Wall', '-o', '/dev/null', file], folder);
        expect({ file, status, output: output.trim() }).toEqual({ file, status: 0, output: '' });
      }
      if (isInstalled('yosys')) {
        const { status, output } = await runTool('yosys', ['-q', '-p', `read_verilog ${file}; hierarchy -check; proc; check -assert`], folder);
        expect({ file, status, output: output.trim() }).toEqual({ file, status: 0, output: '' });
      }
    }
  });
});

/** Whether models of a vendor's primitives end the file. */
function hasPrimitives(verilog: string): boolean {
  return verilog.includes('NARROWGATE_PRIMITIVES');
}

/** Designs in one text: a module that several of them have comes once. */
function everyModuleOnce(plain: typeof designs): string {
  const modules = plain.flatMap(({ verilog }) => verilog.split(/(?<=^endmodule$)/m)).map(text => [/^module (\w+)/m.exec(text)?.[1] ?? '', text] as const);
  return [...new Map(modules.filter(([name]) => name !== '')).values()].join('\n');
}

it('is the same text twice, and plain ASCII', () => {
  for (const [unit, parameters] of parameterSets().slice(0, 12)) {
    const [first, second] = [generate(unit, parameters), generate(unit, parameters)];
    expect(second).toEqual(first);
    expect(first.verilog).toMatch(/^[\x20-\x7e\n]*$/);
    expect(first.verilog).not.toMatch(/[ \t]+$/m);
  }
});
