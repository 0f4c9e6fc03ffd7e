import { describe, expect, it } from 'vitest';
import { elaborate, evaluate } from '../../hdl/index.js';
import { seeded, stream } from '../testing/handshake.js';
import { skidBuffer } from './skid-buffer.js';

const design = elaborate(skidBuffer, { width: 16 });
const beats = Array.from({ length: 500 }, (_, i) => ({ in_data: (i * 40503) % 65536 }));

describe('skid buffer', () => {
  it('has no path between its two sides but through registers', () => {
    expect([...design.top.combinationalInputs].map(([port, inputs]) => [port, [...inputs]])).toEqual([['in_ready', []], ['out_valid', []], ['out_data', []]]);
  });

  it.each([[0, 0], [0, 0.5], [0.5, 0], [0.3, 0.3], [0.05, 0.9], [0.9, 0.05]])(
    'loses, doubles and reorders nothing (bubbles %d, stalls %d)', (bubbles, stalls) => {
      for (const seed of [1, 2, 3]) {
        const run = stream(evaluate(design, { powerUp: 'random', seed }), beats, { output: 'out_data', results: beats.length, random: seeded(seed), bubbles, stalls });
        expect(run.results).toEqual(beats.map(beat => BigInt(beat.in_data)));
      }
    },
  );

  it('moves a beat every clock, one clock later', () => {
    const run = stream(evaluate(design), beats, { output: 'out_data', results: beats.length, random: seeded(1), bubbles: 0, stalls: 0 });
    expect(run.accepted).toEqual(beats.map((_, i) => i));
    expect(run.taken).toEqual(beats.map((_, i) => i + 1));
  });
});
