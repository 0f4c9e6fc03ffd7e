import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { failingVerdict, mutated } from './testing/mutation.js';
import type { Design } from './verilator/build.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-xnor-mutation-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe.concurrent('a broken inner product over bit-planes is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const plain = { length: 12 } as const;
  const unsigned = { length: 12, activationAlphabet: '01', mask: true } as const;
  const cases: readonly (readonly [name: string, design: Design, from: string | RegExp, to: string])[] = [
    ['that counts one bit with another by or instead of by a sum', generate('xnor-dot', plain), /(\w+\[0\]) \^ (\w+\[1\]);/, '$1 | $2;'],
    ['that takes and where it needs xnor', generate('xnor-dot', plain), /~\(in_activation \^ in_weight\)/, '(in_activation & in_weight)'],
    ['that loses the mask of the activations it subtracts', generate('xnor-dot', unsigned), /= in_activation & in_mask;/, "= in_activation & (in_mask | 12'd1);"],
    ['that loses the mask', generate('xnor-dot', unsigned), '(in_activation & in_weight) & in_mask', '(in_activation & in_weight)'],
    ['that drops a beat when the output stalls', generate('xnor-dot', plain), /wire advance = !valid_(\d+) \|\| out_ready;/, 'wire advance = !valid_$1 || out_ready || valid_1;'],
  ];
  it.each(cases)('%s', async (name, design, from, to) => {
    const { failure } = await failingVerdict(join(directory, name.replaceAll(' ', '-')), 'xnor-dot', mutated(design, from, to));
    expect(['mismatch', 'handshake']).toContain(failure?.kind);
  });

  it('that weighs two planes the other way round', async () => {
    const { manifest } = generate('xnor-dot', { length: 9, activationPlanes: 2 });
    const swapped = generate('xnor-dot', { length: 9, activationPlanes: 2, activationDistances: [2, 1] });
    const { failure } = await failingVerdict(join(directory, 'swapped'), 'xnor-dot', { manifest, verilog: swapped.verilog.replaceAll(swapped.manifest.top, manifest.top) });
    expect(failure?.message).toMatch(/out_sum is -?\d+, expected -?\d+/);
  });
});
