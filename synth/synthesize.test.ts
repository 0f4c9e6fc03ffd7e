import { describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { modelled } from './models.js';
import { cellsByType, lutLevels, netlistModule } from './netlist.js';
import { prove } from './proof.js';
import { synthesize, type Source } from './synthesize.js';
import { targetNames, targets } from './targets.js';
import { runYosys } from './yosys/run.js';

function sourceOf(parameters: Readonly<Record<string, unknown>>): Source {
  const { verilog, manifest } = generate('mac-tree', { lanes: 2, activationBits: 4, keptBits: 4, weightBits: 4, ...parameters });
  return { verilog, file: `${manifest.top}.v`, top: manifest.top };
}

const verilog = (text: string, top = 't'): Source => ({ verilog: text, file: 'user.v', top });
const combinational = sourceOf({ dsp: false, flow: 'none', pipeline: 'none' });
const pipelined = sourceOf({ dsp: false });

describe.each(targetNames)('%s', target => {
  it('netlists without and with registers are proven to be their design', async () => {
    for (const source of [combinational, pipelined]) {
      const synthesis = await synthesize(source, { target, dsp: false });
      expect(synthesis.kinds.lut).toBeGreaterThan(10);
      expect(synthesis.kinds.ff > 0).toBe(source === pipelined);
      expect(await prove(synthesis)).toMatchObject({ verdict: 'proven' });
    }
  });

  it('a netlist with one bit of one LUT turned is refuted', async () => {
    for (const source of [combinational, pipelined]) {
      const synthesis = await synthesize(source, { target, dsp: false });
      const tables = [...synthesis.netlist.matchAll(/\.(?:LUT_)?INIT(?:0)?\(\d+'h([0-9a-f]+)/g)];
      // Without cells Yosys writes tables of LUTs as shifts.
      const table = tables[Math.floor(tables.length / 2)] ?? /\d+'h([0-9a-f]{3,4}) >>/.exec(synthesis.netlist);
      const digit = table?.[1]?.at(-1) ?? '';
      expect(digit).not.toBe('');
      const at = (table?.index ?? 0) + (table?.[0].indexOf('\'h') ?? 0) + 1 + (table?.[1]?.length ?? 0);
      const turned = (parseInt(digit, 16) ^ 1).toString(16);
      const broken = { ...synthesis, netlist: synthesis.netlist.slice(0, at) + turned + synthesis.netlist.slice(at + 1) };
      expect(broken.netlist).not.toBe(synthesis.netlist);
      expect(await prove(broken)).toMatchObject({ verdict: 'WRONG' });
    }
  });
});

describe('cells of a target in a design', () => {
  const lut = verilog('module t(input a, input b, output c);\n  SB_LUT4 #(.LUT_INIT(16\'h8888)) l(.O(c), .I0(a), .I1(b), .I2(1\'b0), .I3(1\'b0));\nendmodule\n');
  const fitted = sourceOf({ dsp: false, flow: 'none', pipeline: 'none', target: 'ecp5' });

  it('are the target\'s own where the file does not define them', async () => {
    expect((await synthesize(lut, { target: 'ice40', dsp: false })).cells).toEqual({ SB_LUT4: 1 });
  });

  it.each([
    [lut, 'xc7', 'user.v instantiates SB_LUT4, a cell of Lattice iCE40, and was to be synthesized for Xilinx 7 series: give --target ice40.'],
    [fitted, 'ice40', `${fitted.file} instantiates CCU2C, a cell of Lattice ECP5, and was to be synthesized for Lattice iCE40: give --target ecp5.`],
  ] as const)('of another one are an error', async (source, target, message) => {
    await expect(synthesize(source, { target, dsp: false })).rejects.toThrow(message);
  });

  it.each(['ice40', 'ecp5', 'xc7'] as const)('%s: the netlist of a tree that is fitted to it is proven', async target => {
    const synthesis = await synthesize(sourceOf({ lanes: 4, dsp: false, flow: 'none', pipeline: 'none', target }), { target, dsp: false });
    expect(await prove(synthesis)).toMatchObject({ verdict: 'proven' });
  });
});

describe('Verilog that leaves bits undefined', () => {
  const open = verilog('module t(input [3:0] a, input s, output y, output z);\n  assign y = s ? ^a : 1\'bx;\n  assign z = &a;\nendmodule\n');

  it('is proven with 0 for them, and says so', async () => {
    const synthesis = await synthesize(open, { target: 'generic', dsp: false });
    const zero = { ...synthesis, netlist: 'module t(input [3:0] a, input s, output y, output z);\n  assign y = s & ^a;\n  assign z = &a;\nendmodule\n' };
    expect(await prove(zero)).toMatchObject({ verdict: 'proven', by: expect.stringContaining('with 0 for the bits that it leaves undefined') as string });
  });

  it('is unchecked, not wrong, where the netlist is another', async () => {
    const synthesis = await synthesize(open, { target: 'generic', dsp: false });
    const parity = { ...synthesis, netlist: 'module t(input [3:0] a, input s, output y, output z);\n  assign y = ^a;\n  assign z = &a;\nendmodule\n' };
    expect(await prove(parity)).toEqual({ verdict: 'unchecked', why: 'the Verilog leaves bits undefined (x), and the netlist is not what it is with 0 for all of them' });
  });
});

describe('figures', () => {
  it('of an adder: a carry chain, and levels that it does not add to', async () => {
    const adder = verilog('module t(input [7:0] a, input [7:0] b, input [7:0] c, output [8:0] s);\n  assign s = a + (b & c);\nendmodule\n');
    const figures = await Promise.all(targetNames.map(async target => {
      const { kinds, levels, cells } = await synthesize(adder, { target, dsp: false });
      return [target, kinds.carry, levels, targets[target].area?.of(cells)] as const;
    }));
    expect(figures.slice(0, 3).map(([target, carry, levels]) => [target, carry, levels])).toEqual([['ice40', 8, 2], ['ecp5', 5, 2], ['xc7', 3, 2]]);
    expect(figures.find(([target]) => target === 'ecp5')?.[3]).toBe(8 + 2 * 5);
  });

  it('of registers, block RAM and cells that no kind has', async () => {
    const memory = verilog(`module t(input clk, input [8:0] a, input [15:0] d, input w, output reg [15:0] q);
  reg [15:0] m [0:511];
  always @(posedge clk) begin if (w) m[a] <= d; q <= m[a]; end
endmodule\n`);
    const { kinds } = await synthesize(memory, { target: 'ice40', dsp: false });
    expect(kinds).toMatchObject({ bram: 2, other: 0 });
    expect(await prove(await synthesize(memory, { target: 'ice40', dsp: false }))).toEqual({ verdict: 'unchecked', why: 'it has memories, which are beyond the proof' });
  });

  it('loops through registers end the path', () => {
    const cell = (type: string, connections: Record<string, number[]>) => ({
      type, connections, port_directions: Object.fromEntries(Object.keys(connections).map(port => [port, port === 'O' || port === 'Q' ? 'output' : 'input'])),
    });
    const module = netlistModule(JSON.stringify({ modules: { t: {
      ports: { q: { direction: 'output', bits: [3] } },
      cells: { l: cell('SB_LUT4', { I0: [3], I1: [4], O: [5] }), m: cell('SB_LUT4', { I0: [5], O: [6] }), r: cell('SB_DFF', { C: [2], D: [6], Q: [3] }) },
    } } }), 't');
    expect(lutLevels(targets.ice40, module)).toBe(2);
    expect(cellsByType(module)).toEqual({ SB_DFF: 1, SB_LUT4: 2 });
  });
});

describe('what is wrong with the Verilog is said in one sentence', () => {
  const synthesized = (source: Source) => synthesize(source, { target: 'ice40', dsp: false });

  it.each([
    ['a syntax error', verilog('module t(input a);\n  assgn b = a;\nendmodule\n'), /^Yosys does not take user\.v:2: syntax error/],
    ['no such top', verilog('module u(input a, output b);\n  assign b = a;\nendmodule\n'), 'user.v has no module \'t\'.'],
    ['a module that is missing', verilog('module t(input a, output b);\n  other o(.a(a), .b(b));\nendmodule\n'), 'The module \'other\' that \'t\' instantiates is not in user.v.'],
  ])('%s', async (_, source, message) => {
    await expect(synthesized(source)).rejects.toThrow(message);
    await expect(synthesized(source)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('a Yosys that is missing is the tool\'s fault', async () => {
    const before = process.env.YOSYS;
    process.env.YOSYS = '/nowhere/yosys';
    try {
      await expect(synthesized(combinational)).rejects.toMatchObject({ exitCode: 3 });
    } finally {
      if (before === undefined) delete process.env.YOSYS;
      else process.env.YOSYS = before;
    }
  });
});

describe('quirks', () => {
  const wide = { activationBits: 9, keptBits: 9, weightBits: 9 };

  it('wide LUTs swell arithmetic on the ECP5', async () => {
    const { output } = await runYosys(() => ['read_verilog d.v', `synth_ecp5 -abc9 -nodsp -top ${combinational.top}`, 'stat'], { 'd.v': combinational.verilog }, []);
    expect(output).toMatch(/PFUMX/);
    expect((await synthesize(combinational, { target: 'ecp5', dsp: false })).cells.PFUMX).toBeUndefined();
  });

  it('a netlist with hard multipliers is unchecked, and runs with their models', async () => {
    const synthesis = await synthesize(sourceOf({ ...wide, dsp: true }), { target: 'ice40', dsp: true });
    expect(synthesis.kinds.dsp).toBe(2);
    expect(await prove(synthesis)).toEqual({ verdict: 'unchecked', why: 'it has hard multipliers, which are beyond the proof' });
    expect(await modelled(synthesis)).toHaveProperty('verilog');
  });

  it('a hard multiplier without a model is named', async () => {
    const synthesis = await synthesize(sourceOf({ ...wide, dsp: true }), { target: 'ecp5', dsp: true });
    expect(await modelled(synthesis)).toHaveProperty('verilog');
    const netlist = synthesis.netlist.replace(/MULT18X18D (\S+) \(/, 'MULT18X18D #(.REG_OUTPUT_CLK("CLK0")) $1 (');
    expect(netlist).not.toBe(synthesis.netlist);
    expect(await modelled({ ...synthesis, netlist })).toEqual({ missing: 'MULT18X18D_with_registers' });
  });
});
