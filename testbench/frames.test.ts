import { describe, expect, it } from 'vitest';
import { serialDot, serialDotUnit, cutShort } from './testing/serial-dot.js';
import { verify } from './verify.js';

describe('a unit with several streams, frames, and a time that depends on data', () => {
  it('is verified on waveforms with and without stalls, on its promised clocks, and in bulk', async () => {
    const verdict = await verify(serialDotUnit(), serialDot(), { vectors: 20_000, waveBeats: 400 });
    expect(verdict).toMatchObject({ verdict: 'pass', waves: { bubbles: 0.25, exactLatencies: 0 } });
    // Of every 8 values: two sums and a peak, in a quarter of the beats at full speed.
    expect(verdict.waves.promisedClocks).toBeGreaterThanOrEqual((100 / 8) * 3 - 3);
    expect(verdict.waves.beats).toBeGreaterThan((500 / 8) * 3 - 6);
    expect(verdict.bulk.beats).toBe((20_000 / 8) * 3);
    expect(verdict.coverage.counts['weight: valid without ready']).toBeGreaterThan(100);
    expect(verdict.coverage.counts['peak: valid without ready']).toBeGreaterThan(3);
  });

  it('fails where a result comes in another clock than was promised, with a picture of it', async () => {
    const { failure } = await verify(serialDotUnit(), serialDot('slow'), { vectors: 0, waveBeats: 2000 });
    expect(failure).toMatchObject({ stage: 'waves', kind: 'timing' });
    const [, beat, seen, promised] = /^serial_dot, at full speed: Beat (\d+) of stream 'out' moves (\d+) clocks after the first input beat; (\d+) were promised\.$/.exec(failure?.message ?? '') ?? [];
    expect(Number(beat)).toBeGreaterThan(0);
    expect(Number(seen)).toBeGreaterThan(Number(promised));
    expect(failure?.picture).toMatch(/out_sum .*peak_valid/s);
    const { failure: early } = await verify(serialDotUnit(1), serialDot(), { vectors: 0, waveBeats: 100 });
    expect(early?.message).toMatch(/Beat 0 of stream 'out' moves (\d+) clocks/);
  });

  it('fails where a result is wrong, on waveforms and in bulk, each drawn with its operands', async () => {
    const waves = await verify(serialDotUnit(), serialDot('wrong-sum'), { vectors: 0, waveBeats: 300 });
    expect(waves.failure).toMatchObject({ kind: 'mismatch', mismatch: { stream: 'out', port: 'out_sum' } });
    expect(waves.failure?.picture).toMatch(/out: values .*255/);
    const bulk = await verify(serialDotUnit(), serialDot('wrong-sum'), { vectors: 20_000, waveBeats: 0, seed: 3 });
    expect(bulk.failure).toMatchObject({ stage: 'bulk', kind: 'mismatch' });
    expect(bulk.failure?.picture).toMatch(/out: values .*255/);
    const late = await verify(serialDotUnit(), serialDot('late'), { vectors: 80_000, waveBeats: 0 });
    expect(late.failure).toMatchObject({ stage: 'bulk', kind: 'mismatch', mismatch: { stream: 'out', beat: 2 * 8191 } });
    expect(late.failure?.picture).toMatch(/out: values/);
  });

  it('is not verified with stimulus that ends in the middle of a frame, or a promise that is not one clock for each beat', async () => {
    await expect(verify(cutShort(serialDotUnit()), serialDot(), { vectors: 0 })).rejects.toMatchObject({
      kind: 'usage', message: expect.stringMatching(/^The stimulus of serial-dot is cut short: frames of 4 weights and 8 values do not come out at \d+ weights and \d+ values\.$/) as string,
    });
    const wrong = { ...serialDotUnit(), timing: () => ({ out: Uint32Array.of(3) }) };
    await expect(verify(wrong, serialDot(), { vectors: 0, waveBeats: 100 })).rejects.toThrow(/^The timing of serial-dot promises 1 clock for the stream 'out' of serial_dot; its golden model gives \d+ beats of it\.$/);
  });
});
