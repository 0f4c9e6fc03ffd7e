import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyConvolution } from './testing/xnor-conv-arbitrary.js';
import { xnorConvClocks } from './xnor-conv-schedule.js';
import { streamSizes } from './xnor-conv-streams.js';
import { convolutionSizes, type XnorConvParameters } from './xnor-conv.js';

const defaults: XnorConvParameters = {
  height: 6, width: 6, inputChannels: 4, outputChannels: 4, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1, pad: 'mask', output: 'integer', levelBits: 1, simd: 4, pe: 4,
  activationPlanes: 1, weightPlanes: 1, activationAlphabet: 'pm1', weightAlphabet: 'pm1', activationDistances: [], weightDistances: [],
};

const clocks = (p: XnorConvParameters, pipeline: number, reloads: readonly boolean[]): readonly number[] => Array.from(xnorConvClocks(p, pipeline, reloads));

describe('the clocks of output pixels', () => {
  it('of maps of one pixel are one after the other, F + Lp + 4 behind their input', () => {
    const p: XnorConvParameters = { ...defaults, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, padding: 0 };
    expect(streamSizes(p).folding).toBe(1);
    expect(clocks(p, 2, [false, false, false, false])).toEqual([7, 8, 9, 10]);
  });

  it('of a map of two pixels wait for the weights, by hand', () => {
    // F = 4: pixels come at 0 and 1, columns are read at 1 and 2; the weights are there at 4; then a pixel each 4 clocks.
    const p: XnorConvParameters = { ...defaults, height: 1, width: 2, kernelHeight: 1, kernelWidth: 1, padding: 0, simd: 1 };
    expect(streamSizes(p).folding).toBe(4);
    expect(clocks(p, 0, [false, false])).toEqual([9, 13, 17, 21]);
    // New weights begin two clocks after the last output pixel, and take four.
    expect(clocks(p, 0, [false, true])).toEqual([9, 13, 13 + 1 + 1 + 4 + 5, 13 + 1 + 1 + 4 + 5 + 4]);
  });

  it('are F apart within a frame and from frame to frame while input keeps up', () => {
    fc.assert(fc.property(anyConvolution({ kernel: 5, extent: 12, channels: 6, planes: 1 }), fc.nat(3), (some, pipeline) => {
      // A fold that is long enough: more clocks an output pixel than any row or frame has pixels to wait for.
      const p: XnorConvParameters = { ...some, simd: 1, pe: 1, outputChannels: 40, inputChannels: 6 };
      const { folding, pixelsIn } = streamSizes(p);
      fc.pre(folding > pixelsIn);
      const list = clocks(p, pipeline, [false, false, false]);
      const [first = 0] = list;
      expect(list).toEqual(list.map((_, index) => first + index * folding));
      expect(list.length).toBe(3 * streamSizes(p).pixelsOut);
    }), { numRuns: 60 });
  });

  it('never come before their input, nor closer than F, and frames that repeat settle to a period', () => {
    fc.assert(fc.property(anyConvolution({ kernel: 5, extent: 9, channels: 3, planes: 1 }), fc.nat(3), (p, pipeline) => {
      const { folding, pixelsIn, pixelsOut } = streamSizes(p);
      const { outputWidth } = convolutionSizes(p);
      // What the first weights hold up is caught up by a clock a frame at least, before the period is that of the input.
      const [heldUp = 0] = clocks(p, pipeline, [false]);
      const frames = 8 + heldUp;
      const list = clocks(p, pipeline, new Array<boolean>(frames).fill(false));
      list.forEach((clock, index) => {
        if (index > 0) expect(clock - (list[index - 1] ?? 0)).toBeGreaterThanOrEqual(folding);
        const [frame, pixel] = [Math.floor(index / pixelsOut), index % pixelsOut];
        const row = Math.min(p.height - 1, Math.floor(pixel / outputWidth) * p.stride - p.padding + p.kernelHeight - 1);
        const column = Math.min(p.width - 1, (pixel % outputWidth) * p.stride - p.padding + p.kernelWidth - 1);
        // Pixels come one a clock at best, and a result takes F + Lp + 4 clocks from the last one it needs.
        expect(clock).toBeGreaterThanOrEqual(frame * pixelsIn + row * p.width + column + folding + pipeline + 4);
      });
      const periods = Array.from({ length: frames - 1 }, (_, frame) => (list[(frame + 1) * pixelsOut] ?? 0) - (list[frame * pixelsOut] ?? 0));
      expect(periods.at(-1)).toBe(periods.at(-2));
      expect(periods.at(-1)).toBeGreaterThanOrEqual(Math.max(pixelsIn, pixelsOut * folding));
    }), { numRuns: 150 });
  });

  it('with new weights for every frame are those of a fresh start, one frame after the other', () => {
    const list = clocks({ ...defaults, simd: 36 }, 1, [true, true]);
    const { pixelsOut, folding } = streamSizes({ ...defaults, simd: 36 });
    expect(list.length).toBe(2 * pixelsOut);
    expect((list[pixelsOut] ?? 0) - (list[pixelsOut - 1] ?? 0)).toBeGreaterThanOrEqual(1 + 1 + 2 * folding + 1 + 1);
  });
});
