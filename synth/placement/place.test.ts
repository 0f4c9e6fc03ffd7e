import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild } from '../../system/child.js';
import { packageRoot } from '../../system/package-root.js';
import { synthesize, type Source } from '../synthesize.js';
import { runYosys } from '../yosys/run.js';
import { criticalPath } from './critical-path.js';
import { findNextpnr } from './find.js';
import { harness, idleUnit } from './harness.js';
import { place } from './place.js';

const source = (verilog: string): Source => ({ verilog, file: 't.v', top: 't' });
const adder = source('module t(input [7:0] first, input [7:0] second, output [8:0] total);\n  assign total = first + second;\nendmodule\n');
const registered = source(`module t(input clock, input [7:0] first, input [7:0] second, output reg [8:0] total);
  reg [8:0] early;
  always @(posedge clock) begin early <= first + second; total <= early; end
endmodule
`);
const placed = async (what: Source) => place(await synthesize(what, { target: 'ice40', dsp: false }));
const installed = await findNextpnr('ice40').then(() => true, () => false);

describe.skipIf(!installed)('a placed unit', () => {
  it('counts the cells of an adder alone, not those of the registers around it', async () => {
    const { area, harness: around, megahertz, path, unit } = await placed(adder);
    expect(unit).toBe('LC');
    // Eight bits of sum and one that takes the carry out of the chain.
    expect(area).toBeGreaterThanOrEqual(8);
    expect(area).toBeLessThanOrEqual(11);
    expect(around).toBeGreaterThanOrEqual(16);
    expect(megahertz).toBeGreaterThan(150);
    expect(path.at(-1)?.at).toBeLessThan(1000 / megahertz);
  });

  it('names the signals of its own Verilog on the critical path', async () => {
    expect((await placed(registered)).path.map(({ signal }) => signal)).toEqual(['input', 'early']);
  });

  it('that the device has not the cells for is the caller\'s fault', async () => {
    const product = source('module t(input [15:0] a, input [15:0] b, output [31:0] p);\n  assign p = a * b;\nendmodule\n');
    const large = synthesize(product, { target: 'ice40', dsp: true }).then(synthesis => place(synthesis));
    await expect(large).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(/^t is too large for the iCE40 HX8K, or wants cells that it does not have: /) as string });
  });

  it('with two clocks does not stand in the harness', async () => {
    const two = source('module t(input c, input d, input a, output reg x, output reg y);\n  always @(posedge c) x <= a;\n  always @(posedge d) y <= a;\nendmodule\n');
    await expect(placed(two)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('what cannot be placed', () => {
  it('is said', async () => {
    await expect(findNextpnr('xc7')).rejects.toMatchObject({ exitCode: 2, message: 'Nothing is placed and routed for xc7; --pnr is for ice40 and ecp5.' });
  });
});

describe('the harness', () => {
  const ports = [
    { name: 'c', direction: 'input', width: 1 }, { name: 'a', direction: 'input', width: 3 }, { name: 'b', direction: 'input', width: 1 }, { name: 'x', direction: 'output', width: 21 },
  ] as const;

  it('connects every bit but the clock once', async () => {
    const text = `${idleUnit('t', ports, 'c')}\n${harness('t', ports, 'c')}`;
    const { output } = await runYosys(() => ['read_verilog t.v', 'hierarchy -check -top harness', 'proc', 'flatten', 'check -assert', 'opt_clean', 'stat'], { 't.v': text }, []);
    // Four bits fed, 21 taken, then 6, 2 and 1 of the XORs.
    expect(output).toMatch(/Number of cells: +\d+/);
    expect(text).toContain('t unit(.c(clk), .a(feed[2:0]), .b(feed[3:3]), .x(result[20:0]));');
    expect(text).toContain('assign folded = level3[0];');
  });
});

describe('the critical path', () => {
  it('is the longest of those between registers, each signal once', () => {
    const step = (net: string, delay: number) => ({ net, delay, type: 'routing' });
    const report = {
      utilization: {}, fmax: {},
      critical_paths: [
        { from: 'async', to: 'async', path: [step('unit.none', 99)] },
        { from: 'posedge clk', to: 'posedge clk', path: [step('feed[1]', 1), step('unit.sum_0_1[3]', 2), step('unit.sum_0_1_SB_LUT4_O_3_I2[1]', 1), step('unit.else_SB_LUT4_O', 1), step('level0[2]', 0.5)] },
        { from: 'posedge clk', to: 'posedge clk', path: [step('feed[1]', 1)] },
      ],
    };
    expect(criticalPath(report, 'wire sum_0; wire sum_0_1; wire total;')).toEqual([{ signal: 'input', at: 1 }, { signal: 'sum_0_1', at: 4 }, { signal: 'output', at: 5.5 }]);
  });
});

it('the nextpnr of npm is taken where the user is, whatever folder it runs in', async () => {
  const [user, other] = ['user', 'other'].map(name => mkdtempSync(join(tmpdir(), `narrowgate-place-${name}-`)));
  if (user === undefined || other === undefined) throw new TypeError('two folders were made');
  const home = join(user, 'node_modules', '@yowasp', 'nextpnr-ice40');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "name": "@yowasp/nextpnr-ice40", "version": "0.0.1", "type": "module", "main": "main.js" }');
  writeFileSync(join(home, 'main.js'), 'export class Exit extends Error {}\nexport const runNextpnrIce40 = async (args, files) => ({ "made.txt": `${args.join(" ")}: ${Object.keys(files).join(" ")}` });\n');
  writeFileSync(join(other, 'design.json'), '{}');
  const program = join(packageRoot(), 'synth', 'placement', 'embedded.mjs');
  expect(await runChild([process.execPath, program, user, '--json', 'design.json'], { cwd: other })).toMatchObject({ status: 0 });
  expect(readFileSync(join(other, 'made.txt'), 'utf8')).toBe('--json design.json: design.json');
  expect(await runChild([process.execPath, program, other, '--version'], { cwd: user })).toMatchObject({ status: 71 });
  for (const folder of [user, other]) rmSync(folder, { recursive: true });
});

it('a nextpnr that does not end is ended at the time limit, with all that it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'narrowgate-place-'));
  const { PATH = '' } = process.env;
  const child = join(folder, 'child');
  writeFileSync(join(folder, 'nextpnr-ice40'), `#!/bin/sh\nif [ "$1" = --version ]; then echo 'nextpnr-ice40 (Version 0.0-slow)'; exit; fi\nsleep 600 &\necho $! > ${child}\nwait\n`, { mode: 0o755 });
  process.env.PATH = `${folder}:${PATH}`;
  try {
    const synthesis = await synthesize(adder, { target: 'ice40', dsp: false });
    await expect(place(synthesis, { timeLimit: 2, cacheDir: folder })).rejects.toMatchObject({ exitCode: 3, message: 'nextpnr-ice40 0.0-slow did not place and route t in 2 s.' });
    const id = Number(readFileSync(child, 'utf8'));
    await expect.poll(() => isRunning(id)).toBe(false);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  }
});

/** Neither gone nor a zombie that nobody has waited for yet. */
function isRunning(id: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}
