import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import type { VerilogDesign } from './equivalence.js';
import { proveEqual } from './sequential.js';

const bare = { flow: 'none', pipeline: 'none' } as const;
const units: readonly (readonly [unit: string, parameters: Readonly<Record<string, unknown>>])[] = [
  ['float-mul', { ...bare, subnormals: 'flush', dsp: false }],
  ['float-mul', { ...bare, dsp: false }],
  ['float-convert', bare],
  ['mac-tree', { ...bare, lanes: 4, dsp: false }],
  ['mac-tree', { ...bare, keptBits: 8, activationSigned: true, dsp: false }],
  ['mac-tree', { ...bare, activationBits: 4, keptBits: 4, activationSigned: true, dsp: false }],
  ['xnor-dot', { ...bare, length: 100 }],
  ['xnor-dot', { ...bare, length: 64, activationPlanes: 4 }],
  ['xnor-dot', { ...bare, length: 20, activationPlanes: 2, weightPlanes: 2, mask: true, activationAlphabet: '01' }],
  ['xnor-dot', { ...bare, length: 16, activationPlanes: 4, activationAlphabet: '01', weightAlphabet: '01' }],
  ['xnor-dot', { ...bare, length: 12, activationPlanes: 4, weightPlanes: 3 }],
];

function designed(unit: string, parameters: Readonly<Record<string, unknown>>): VerilogDesign {
  const { verilog, manifest } = generate(unit, parameters);
  return { name: manifest.top, verilog, top: manifest.top };
}

describe.each(['ice40', 'ecp5', 'xc7'])('what is fitted to %s is the plain design', target => {
  it.each(units)('%s %j', async (unit, parameters) => {
    expect(await proveEqual(designed(unit, parameters), designed(unit, { ...parameters, target }), { timeLimit: 60 })).toMatchObject({ verdict: 'equal' });
  });
});

describe('with a register after each stage', () => {
  const pipelined = { flow: 'none', pipeline: 'full', lanes: 4, dsp: false } as const;
  const exact = { ...pipelined, keptBits: 8, activationSigned: true } as const;
  const latency = (parameters: Readonly<Record<string, unknown>>): number => generate('mac-tree', parameters).manifest.latency ?? 0;

  it.each([['ice40', pipelined], ['ecp5', pipelined], ['xc7', pipelined], ['xc7', exact]])('a tree that is fitted to %s is the plain one, as many clocks later as it has more stages: %j', async (target, parameters) => {
    const [first, second] = [parameters, { ...parameters, target }].toSorted((a, b) => latency(a) - latency(b));
    if (first === undefined || second === undefined) throw new TypeError('two designs were given');
    const offset = latency(second) - latency(first);
    expect(await proveEqual(designed('mac-tree', first), designed('mac-tree', second), { offset })).toMatchObject({ verdict: 'equal' });
  });

  it('a row of a digit with one wrong entry in its table is found', async () => {
    const fitted = designed('mac-tree', { ...exact, target: 'xc7' });
    const [init = ''] = /64'h[0-9a-f]{16}/.exec(fitted.verilog.slice(fitted.verilog.indexOf('LUT6 #'))) ?? [];
    const wrong = { ...fitted, verilog: fitted.verilog.replaceAll(init, `${init.slice(0, -1)}${(parseInt(init.at(-1) ?? '', 16) ^ 8).toString(16)}`) };
    expect(wrong.verilog).not.toBe(fitted.verilog);
    expect(await proveEqual(fitted, wrong)).toMatchObject({ verdict: 'different', counterexample: { outputs: [{ port: 'out_sum' }] } });
  });
});
