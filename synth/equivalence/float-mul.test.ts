import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateUnit, generate } from '../../generators/index.js';
import { proveCombinational } from './combinational.js';
import type { VerilogDesign } from './equivalence.js';

const behavioural = readFileSync(new URL('../testing/float-mul-behavioural.v', import.meta.url), 'utf8');
const combinational = { flow: 'none', pipeline: 'none' };
const flush = { ...combinational, subnormals: 'flush', rounding: 'truncate' };

const definition = (top: string): VerilogDesign => ({ name: `the definition ${top}`, verilog: behavioural, top });

function emitted(parameters: Readonly<Record<string, unknown>>, change = (text: string): string => text): VerilogDesign {
  const { verilog, manifest } = generate('float-mul', parameters);
  const changed = change(verilog);
  return { name: manifest.top, verilog: changed, top: manifest.top };
}

describe('the emitted 1-5-7 multiplier', () => {
  it.each([
    ['kept subnormals, rounded to nearest', combinational, 'float_mul_gradual'], ['subnormals as zero, cut off', flush, 'float_mul_flush'],
  ] as const)('is proven to be its definition for all operands: %s', async (_what, parameters, top) => {
    expect(await proveCombinational(definition(top), emitted(parameters), { timeLimit: 100 })).toMatchObject({ verdict: 'equal' });
  });

  it.each<[string, (verilog: string) => string]>([
    ['signs', text => text.replace('in_a[12] ^ in_b[12]', 'in_a[12] | in_b[12]')],
    ['an adder', text => text.replace(/ \+ (?![\s\S]* \+ )/, ' - ')],
    ['a product', text => text.replace(/\{\|in_b\[11:7\], in_b\[6:0\]\}/, '{1\'b1, in_b[6:0]}')],
  ])('with wrong %s is told apart by operands for which the right one gives what is expected', async (_what, change) => {
    const broken = emitted(combinational, change);
    expect(broken.verilog).not.toBe(emitted(combinational).verilog);
    const result = await proveCombinational(definition('float_mul_gradual'), broken, { timeLimit: 100 });
    if (result.verdict !== 'different' || result.counterexample === undefined) throw new Error(`It was found ${result.verdict}.`);
    const { inputs, outputs: [output] } = result.counterexample;
    const right = evaluateUnit('float-mul', combinational);
    for (const { port, value } of inputs) right.set(port, value);
    expect(output).toMatchObject({ port: 'out_product', width: 13, expected: right.get('out_product') });
    expect(output?.seen).not.toBe(output?.expected);
  });
});
