import { seeded, type Beat } from './handshake.js';
import { levelOf, planesOf, type Operand } from './planes.js';
import type { StreamBeats } from './streams.js';

/** A convolution over bit-planes as a test describes it, with all that the unit's parameters say. */
export interface Convolution {
  readonly height: number;
  readonly width: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly pad: 'mask' | 'minus-one' | 'plus-one';
  readonly simd: number;
  readonly pe: number;
  readonly activation: Operand;
  readonly weight: Operand;
  readonly output: 'integer' | 'sign' | 'levels';
  readonly levelBits: number;
}

/** Frames of pixels and the sets of weights and thresholds for them, as random codes. */
export interface Operands {
  /** Codes by frame, row, column and channel. */
  readonly frames: readonly (readonly (readonly (readonly number[])[])[])[];
  /** Of each frame whether it takes a new set; of the first it does not matter. */
  readonly reloads: readonly boolean[];
  /** Codes by set, output channel and place (r · S + s) · channels + c. */
  readonly weights: readonly (readonly (readonly number[])[])[];
  /** By set and output channel. */
  readonly thresholds: readonly (readonly { readonly values: readonly number[]; readonly atMost: boolean }[])[];
}

export function outputSize({ height, width, kernelHeight, kernelWidth, stride, padding }: Convolution): readonly [number, number] {
  return [Math.floor((height + 2 * padding - kernelHeight) / stride) + 1, Math.floor((width + 2 * padding - kernelWidth) / stride) + 1];
}

/** Random operands for so many frames. */
export function randomOperands(c: Convolution, reloads: readonly boolean[], seed: number): Operands {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(count * random());
  const list = <T>(length: number, make: (index: number) => T): readonly T[] => Array.from({ length }, (_, i) => make(i));
  const code = (planes: number): number => below(2 ** planes);
  const sets = 1 + reloads.slice(1).filter(Boolean).length;
  const elements = c.kernelHeight * c.kernelWidth * c.inputChannels;
  const levels = (operand: Operand): readonly number[] => list(2 ** operand.planes, each => levelOf(each, operand));
  const products = levels(c.activation).flatMap(a => levels(c.weight).map(w => a * w * elements));
  const [least, most] = [Math.min(...products), Math.max(...products)];
  // Near zero, where sums are, and now and then beyond the ends.
  const threshold = (): number => {
    if (random() < 0.1) return random() < 0.5 ? least - 1 : most + 1;
    return Math.min(most, Math.max(least, Math.round((random() + random() - 1) * (most - least) / Math.sqrt(elements))));
  };
  return {
    frames: reloads.map(() => list(c.height, () => list(c.width, () => list(c.inputChannels, () => code(c.activation.planes))))),
    reloads,
    weights: list(sets, () => list(c.outputChannels, () => list(elements, () => code(c.weight.planes)))),
    thresholds: list(sets, () => list(c.outputChannels, () => ({
      values: list(c.output === 'levels' ? 2 ** c.levelBits - 1 : 1, threshold), atMost: random() < 0.5,
    }))),
  };
}

/** The number of the set of weights that each frame uses. */
function setsOf(reloads: readonly boolean[]): readonly number[] {
  let set = 0;
  return reloads.map((reload, frame) => frame > 0 && reload ? ++set : set);
}

/** What comes out, by output pixel of all frames: the numbers of each channel, sums or codes. Directly from the levels. */
export function convolve(c: Convolution, { frames, reloads, weights, thresholds }: Operands): readonly (readonly number[])[] {
  const [rows, columns] = outputSize(c);
  const padCode = c.pad === 'plus-one' ? 2 ** c.activation.planes - 1 : 0;
  const sets = setsOf(reloads);
  return frames.flatMap((frame, f) => Array.from({ length: rows * columns }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / columns) * c.stride - c.padding, (pixel % columns) * c.stride - c.padding];
    return Array.from({ length: c.outputChannels }, (__, o) => {
      const kernel = weights[sets[f] ?? 0]?.[o] ?? [];
      let sum = 0;
      for (let r = 0; r < c.kernelHeight; r++) {
        for (let s = 0; s < c.kernelWidth; s++) {
          const inside = y + r >= 0 && y + r < c.height && x + s >= 0 && x + s < c.width;
          if (!inside && c.pad === 'mask') continue;
          for (let channel = 0; channel < c.inputChannels; channel++) {
            const code = inside ? frame[y + r]?.[x + s]?.[channel] ?? 0 : padCode;
            sum += levelOf(code, c.activation) * levelOf(kernel[(r * c.kernelWidth + s) * c.inputChannels + channel] ?? 0, c.weight);
          }
        }
      }
      if (c.output === 'integer') return sum;
      const { values, atMost } = thresholds[sets[f] ?? 0]?.[o] ?? { values: [], atMost: false };
      return values.filter(value => atMost ? sum <= value : sum >= value).length;
    });
  }));
}

/** Results as the ports have them: sums by channel, or codes as planes. */
export function portsOf(c: Convolution, channels: readonly number[]): readonly bigint[] {
  return c.output === 'integer' ? channels.map(BigInt) : planesOf(channels, c.output === 'levels' ? c.levelBits : 1);
}

/** The beats of all input streams. Places that belong to nothing are filled at random. */
export function beatsOf(c: Convolution, { frames, reloads, weights, thresholds }: Operands, seed: number): StreamBeats {
  const random = seeded(seed);
  const pixels = frames.flatMap((frame, f) => frame.flatMap((row, y) => row.map((codes, x): Beat => ({
    in_activation: planesOf(codes, c.activation.planes), in_reload: f > 0 && y + x === 0 ? reloads[f] ?? false : random() < 0.5,
  }))));
  const elements = c.kernelHeight * c.kernelWidth * c.inputChannels;
  const [chunks, groups] = [Math.ceil(elements / c.simd), Math.ceil(c.outputChannels / c.pe)];
  const anyCode = (): number => Math.floor(random() * 2 ** c.weight.planes);
  const weight = weights.flatMap(set => Array.from({ length: groups * chunks }, (_, beat): Beat => {
    const [group, chunk] = [Math.floor(beat / chunks), beat % chunks];
    return {
      weight_planes: Array.from({ length: c.pe }, (__, p) => planesOf(
        Array.from({ length: c.simd }, (___, i) => chunk * c.simd + i < elements ? set[group * c.pe + p]?.[chunk * c.simd + i] ?? anyCode() : anyCode()), c.weight.planes,
      )).flat(),
    };
  }));
  if (c.output === 'integer') return { in: pixels, weight };
  const absent = { values: Array.from({ length: c.output === 'levels' ? 2 ** c.levelBits - 1 : 1 }, () => 0), atMost: true };
  const threshold = thresholds.flatMap(set => Array.from({ length: groups }, (_, group): Beat => {
    const channels = Array.from({ length: c.pe }, (__, p) => set[group * c.pe + p] ?? absent);
    return { threshold_value: channels.flatMap(({ values }) => values), threshold_direction: planesOf(channels.map(({ atMost }) => Number(atMost)), 1)[0] ?? 0n };
  }));
  return { in: pixels, weight, threshold };
}

/**
 * The clock of every output pixel at full speed, event by event as `docs/xnor-conv.md` has it.
 * @param pipeline clocks of the arithmetic's pipeline
 */
export function outputClocks(c: Convolution, reloads: readonly boolean[], pipeline: number): readonly number[] {
  const { height: H, width: W, kernelHeight: R, kernelWidth: S, stride: st, padding: P } = c;
  const [OH, OW] = outputSize(c);
  const F = Math.ceil(R * S * c.inputChannels / c.simd) * Math.ceil(c.outputChannels / c.pe);
  const HR = Math.min(H, (OH - 1) * st - P + R);
  const WR = Math.min(W, (OW - 1) * st - P + S);
  const M = R * (1 + Math.ceil(st / R));
  const D = Math.max(Math.min(S - P, WR), Math.min(st, WR)) + 1;
  const cols = (x: number): number => x < 0 ? 0 : Math.min(WR, x * st - P + S);
  // Which output pixel of a row takes a column.
  const taker = Array.from({ length: WR }, (_, column) => Array.from({ length: OW }, (__, x) => x).find(x => cols(x) > column) ?? 0);
  const [a, col, t]: [number[], number[], number[]] = [[], [], []];
  // Each is computed where it is asked for; what it waits for lies before it.
  const accepted = (f: number, y: number, x: number): number => {
    const index = (f * H + y) * W + x;
    for (let at = a.length; at <= index; at++) {
      const [frame, row] = [Math.floor(at / (H * W)), Math.floor(at / W) % H];
      const w = frame * HR + Math.min(row, HR);
      let J = 0;
      while (Math.floor(J / OH) * HR + Math.max(0, (J % OH) * st - P) <= w - M) J++;
      a.push(Math.max((a[at - 1] ?? -1) + 1, J > 0 ? column(J - 1, WR - 1) + 1 : 0));
    }
    return a[index] ?? 0;
  };
  const column = (J: number, x: number): number => {
    const index = J * WR + x;
    for (let k = col.length; k <= index; k++) {
      const [row, at] = [Math.floor(k / WR), k % WR];
      const y = row % OH;
      const there = accepted(Math.floor(row / OH), Math.min(HR, y * st - P + R) - 1, at) + 1;
      const freed = k < D ? 0 : taken(Math.floor((k - D) / WR) * OW + (taker[(k - D) % WR] ?? 0));
      col.push(Math.max((col[k - 1] ?? -1) + 1, there, freed));
    }
    return col[index] ?? 0;
  };
  const taken = (pixel: number): number => {
    for (let n = t.length; n <= pixel; n++) {
      const [J, x] = [Math.floor(n / OW), n % OW];
      const there = column(J, cols(x) - 1) + 2;
      const before = n === 0 ? F : (t[n - 1] ?? 0) + F;
      const frame = Math.floor(J / OH);
      const waits = n > 0 && n % (OH * OW) === 0 && (reloads[frame] ?? false);
      t.push(waits ? Math.max(there, before + 1 + pipeline + 1) + 1 + F : Math.max(there, before));
    }
    return t[pixel] ?? 0;
  };
  return Array.from({ length: reloads.length * OH * OW }, (_, n) => taken(n) + F + 1 + pipeline);
}
