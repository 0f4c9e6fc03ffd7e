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
  ['xnor-dot', { ...bare, length: 20, activationPlanes: 2, weightPlanes: 2, mask: true, activationAlphabet: '01' }],
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
