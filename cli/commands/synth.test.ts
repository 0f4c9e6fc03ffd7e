import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();
const small = ['mac-tree', '--lanes', '2', '--activation-bits', '4', '--kept-bits', '4', '--weight-bits', '4'];

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

describe('synth', () => {
  it('prints cells by kind, area, depth and how far the netlist is known to be the unit', async () => {
    const { exitCode, stdout } = await called(['synth', ...small, '--target', 'ecp5']);
    expect(exitCode).toBe(0);
    const shape = stdout.replaceAll(/\d+(\.\d+)?/g, '#').replaceAll(/ +/g, ' ');
    expect(shape).toBe([
      'mac_tree_lanes_#_activation_bits_#_weight_bits_#_target_ecp#_dsp_false Lattice ECP#, Yosys #, RTL for ecp#',
      ' LUT # LUT#', ' carry # CCU#C', ' flip-flop # TRELLIS_FF', ' hard multiplier #', ' block RAM #', ' distributed RAM #',
      ' area in COMB # LUT# + # CCU#C', ' depth # LUTs on the longest path; carry chains cost nothing',
      ' netlist proven equal to the Verilog by ABC of Yosys # (# s)', '',
    ].join('\n'));
  });

  it('says it all as JSON', async () => {
    const { stdout } = await called(['synth', ...small, '--target', 'ice40', '--json']);
    const { tools, check, ...rest } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(rest).toMatchObject({ unit: 'mac-tree', target: 'ice40', dsp: false, parameters: { lanes: 2, dsp: false }, kinds: { dsp: 0 } });
    expect(check).toMatchObject({ verdict: 'proven' });
    expect(tools).toHaveProperty('yosys');
  });

  it('takes any Verilog', async () => {
    const path = file('adder.v', 'module adder(input [7:0] a, input [7:0] b, output [8:0] s);\n  assign s = a + b;\nendmodule\n');
    const { exitCode, stdout } = await called(['synth', '--file', path, '--top', 'adder', '--target', 'ice40']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^adder {2}Lattice iCE40, Yosys [\d.]+(?: \(embedded\))?\n/);
    expect(stdout).toMatch(/proven equal/);
  });

  it.each([
    [['mac-tree'], '--target is missing; it takes ice40, ecp5, xc7 or generic.'],
    [['mac-tree', '--target', 'ice4'], '--target is \'ice4\'; it takes generic, ice40, ecp5 or xc7. Did you mean \'ice40\'?'],
    [['--target', 'ice40'], 'synth needs a unit, or --file and --top.'],
    [['--target', 'ice40', '--lanes', '4'], 'Without a unit there is no parameter --lanes.'],
    [['--target', 'ice40', '--file', 'a.v'], '--file needs --top, the name of its top module.'],
    [['--target', 'ice40', '--file', 'nowhere.v', '--top', 'a'], 'The file \'nowhere.v\' of --file is not there.'],
    [['--target', 'ice40', '--file', 'a.v', '--top', '; exec'], '--top is \'; exec\'; it takes the name of a module.'],
    [['mac-tree', '--target', 'ice40', '--time-limit', '10'], '--time-limit is that of --pnr, which is not given.'],
    [['mac-tree', '--target', 'ice40', '--top', 'a'], '--top and the unit mac-tree contradict each other; give one of them.'],
  ])('%j is a wrong call', async (args, message) => {
    const { exitCode, stderr } = await called(['synth', ...args]);
    expect([exitCode, stderr]).toEqual([2, `Error: ${message}\n`]);
  });

  it.each([
    ['broken.v', 'module t(input a);\n  assgn b = a;\nendmodule\n', /Yosys does not take broken\.v:2: syntax error, unexpected .*\.\n$/],
    ['other.v', 'module u(input a, output b);\n  assign b = a;\nendmodule\n', /other\.v has no module 't'\.\n$/],
  ])('%s is the caller\'s fault, in one sentence', async (name, text, message) => {
    const { exitCode, stderr } = await called(['synth', '--file', file(name, text), '--top', 't', '--target', 'ice40']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

describe('verify --netlist', () => {
  it.each(['ice40', 'ecp5', 'xc7', 'generic'])('runs the netlist of %s against the golden model', async target => {
    const out = join(root, target);
    const { exitCode, stdout, stderr } = await called(['verify', ...small, '--no-dsp', '--netlist', target, '--vectors', '20000', '--out', out, '--json']);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([0, 'Synthesizing']);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'pass', bulk: { beats: 20_000 }, command: expect.stringContaining(`--netlist ${target}`) as string,
      files: { [`mac_tree_lanes_2_activation_bits_4_weight_bits_4_dsp_false.${target}.v`]: expect.any(String) as string },
    });
  });

  it('finds Verilog that is wrong in its netlist too', async () => {
    const { stdout } = await called(['generate', ...small, '--no-dsp', '--flow', 'none', '--stdout']);
    const wrong = file('wrong.v', stdout.replace(/(assign out_sum = )([^;]*);/, '$1$2 ^ 1;'));
    const verdict = await called(['verify', ...small, '--no-dsp', '--flow', 'none', '--verilog', wrong, '--netlist', 'ice40', '--vectors', '1000', '--out', join(root, 'wrong')]);
    expect(verdict.exitCode).toBe(1);
    expect(verdict.stdout).toMatch(/^FAIL/);
  });

  it('does not stamp Verilog that it did not run', async () => {
    const { exitCode, stderr } = await called(['verify', ...small, '--netlist', 'ice40', '--stamp', '--out', root]);
    expect([exitCode, stderr]).toEqual([2, 'Error: --stamp is for the Verilog that is verified, and --netlist verifies what synthesis makes of it; give one of them.\n']);
  });
});
