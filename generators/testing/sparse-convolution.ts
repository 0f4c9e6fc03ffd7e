import { seeded } from './handshake.js';
import type { CoreParameters } from '../zero-skip-conv/shape.js';

/** The data of one tile: dense weights [k][r][s][c], inputs [y][x][c] and masks [oy][ox][k], flattened. */
export interface Tile {
  readonly weights: readonly number[];
  readonly inputs: readonly number[];
  readonly mask: readonly boolean[];
}

/** Sizes of the output. */
export function outputSize(P: CoreParameters): { readonly rows: number; readonly columns: number; readonly positions: number } {
  const rows = Math.floor((P.height + 2 * P.padding - P.kernelHeight) / P.stride) + 1;
  const columns = Math.floor((P.width + 2 * P.padding - P.kernelWidth) / P.stride) + 1;
  return { rows, columns, positions: rows * columns };
}

/** A random tile with these shares of weights, inputs and outputs that are not zero. */
export function randomTile(P: CoreParameters, density: { readonly weights: number; readonly inputs: number; readonly mask?: number }, seed: number): Tile {
  const random = seeded(seed);
  const { positions } = outputSize(P);
  const nonZero = (bits: number, signed: boolean): number => {
    const magnitude = 1 + Math.floor(random() * (2 ** (signed ? bits - 1 : bits) - 1));
    return signed && random() < 0.5 ? -magnitude - (random() < 0.01 ? 1 : 0) : magnitude;
  };
  const list = (length: number, share: number, value: () => number): number[] => Array.from({ length }, () => random() < share ? value() : 0);
  return {
    weights: list(P.outputChannels * P.kernelHeight * P.kernelWidth * P.inputChannels, density.weights, () => Math.max(-(2 ** (P.weightBits - 1)), nonZero(P.weightBits, true))),
    inputs: list(P.height * P.width * P.inputChannels, density.inputs, () => Math.max(P.activationSigned ? -(2 ** (P.activationBits - 1)) : 0, nonZero(P.activationBits, P.activationSigned))),
    mask: Array.from({ length: positions * P.outputChannels }, () => random() < (density.mask ?? 0.5)),
  };
}

/** The dense convolution, [oy][ox][k], modulo 2^accumulatorBits; masked outputs are 0. */
export function denseConvolution(P: CoreParameters, { weights, inputs, mask }: Tile): readonly bigint[] {
  const { rows, columns } = outputSize(P);
  const out: bigint[] = [];
  for (let oy = 0; oy < rows; oy++) {
    for (let ox = 0; ox < columns; ox++) {
      for (let k = 0; k < P.outputChannels; k++) {
        let sum = 0;
        forEachTap(P, oy, ox, (tap, pixel) => {
          for (let c = 0; c < P.inputChannels; c++) {
            sum += (weights[(k * P.kernelHeight * P.kernelWidth + tap) * P.inputChannels + c] ?? 0) * (inputs[pixel * P.inputChannels + c] ?? 0);
          }
        });
        const needed = !P.skip.includes('output') || mask[out.length] === true;
        out.push(needed ? BigInt.asIntN(P.accumulatorBits, BigInt(sum)) : 0n);
      }
    }
  }
  return out;
}

function forEachTap(P: CoreParameters, oy: number, ox: number, visit: (tap: number, pixel: number) => void): void {
  for (let r = 0; r < P.kernelHeight; r++) {
    for (let s = 0; s < P.kernelWidth; s++) {
      const [y, x] = [oy * P.stride + r - P.padding, ox * P.stride + s - P.padding];
      if (y >= 0 && y < P.height && x >= 0 && x < P.width) visit(r * P.kernelWidth + s, y * P.width + x);
    }
  }
}

const pattern = (value: number, bits: number): number => value < 0 ? value + 2 ** bits : value;

/** The words of a group: its fine word, and the values of the ones. */
function groupWords(values: readonly number[], bits: number): number[] {
  const fine = values.reduce((word, value, i) => word + (value === 0 ? 0 : 2 ** i), 0);
  return [fine, ...values.filter(value => value !== 0).map(value => pattern(value, bits))];
}

function groupsOf(row: readonly number[], group: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(row.length / group) }, (_, i) => row.slice(i * group, (i + 1) * group));
}

function rowsOf(values: readonly number[], length: number): readonly (readonly number[])[] {
  return Array.from({ length: values.length / length }, (_, i) => values.slice(i * length, (i + 1) * length));
}

/** The weight stream of a set of weights. Words of more than 53 bits are not made exactly: `group` is at most 32 here. */
export function weightWords(P: Pick<CoreParameters, 'inputChannels' | 'kernelHeight' | 'kernelWidth' | 'group' | 'weightBits'>, weights: readonly number[]): readonly number[] {
  const taps = P.kernelHeight * P.kernelWidth;
  return rowsOf(weights, taps * P.inputChannels).flatMap(channel => {
    const groups = rowsOf(channel, P.inputChannels).flatMap(row => groupsOf(row, P.group));
    const words: number[] = [];
    for (let first = 0; first < groups.length; first += P.group) {
      const some = groups.slice(first, first + P.group);
      words.push(some.reduce((word, each, i) => word + (each.some(value => value !== 0) ? 2 ** i : 0), 0));
      for (const each of some) if (each.some(value => value !== 0)) words.push(...groupWords(each, P.weightBits));
    }
    return words;
  });
}

/** The beats of the input stream. */
export function inputBeats(P: CoreParameters, inputs: readonly number[]): readonly number[] {
  if (P.inputFormat === 'dense') return inputs;
  return rowsOf(inputs, P.inputChannels).flatMap(row => groupsOf(row, P.group).flatMap(each => groupWords(each, P.activationBits)));
}

/** The beats of the mask stream. */
export function maskBeats(P: CoreParameters, mask: readonly boolean[]): readonly bigint[] {
  return rowsOf(mask.map(Number), P.outputChannels).map(row => row.reduce((word, bit, k) => word + (BigInt(bit) << BigInt(k)), 0n));
}

/** The counters of a tile. */
export interface Counters {
  readonly cycles: number;
  readonly products: number;
  readonly skipped: number;
  readonly stalls: number;
}

interface LaneState {
  left: number;
  taken: number;
  stolen: number;
  task: { readonly pops: readonly number[]; next: number } | 'masked' | undefined;
  chunk: number | undefined;
  readonly queue: { pops: number; readonly pushed: number }[];
}

/** The schedule of docs/zero-skip-conv.md, clock by clock. */
export function scheduleOf(P: CoreParameters, tile: Tile): Counters {
  const { positions, columns } = outputSize(P);
  const channelsOf = dealt(P, tile.weights);
  const lanes: LaneState[] = channelsOf.map(channels => ({ left: channels.length * positions, taken: 0, stolen: 0, task: undefined, chunk: undefined, queue: [] }));
  const totals = lanes.map(({ left }) => left);
  const taskOf = (owner: number, number: number): LaneState['task'] => {
    const [k, p] = [channelsOf[owner]?.[Math.floor(number / positions)] ?? 0, number % positions];
    if (P.skip.includes('output') && tile.mask[p * P.outputChannels + k] !== true) return 'masked';
    return { pops: popsOf(P, tile, k, Math.floor(p / columns), p % columns), next: 0 };
  };
  let [cycles, products] = [0, 0];
  for (;;) {
    const left = lanes.map(lane => lane.left);
    if (lanes.every((lane, i) => left[i] === 0 && lane.task === undefined && lane.chunk === undefined && lane.queue.length === 0)) break;
    cycles++;
    lanes.forEach((lane, i) => {
      const { queue } = lane;
      const inFlight = queue.length + (lane.chunk === undefined ? 0 : 1);
      const [head] = queue;
      if (head !== undefined && head.pushed + 3 <= cycles) {
        products++;
        head.pops--;
        if (head.pops === 0) queue.shift();
      }
      if (lane.chunk !== undefined && lane.chunk > 0) queue.push({ pops: lane.chunk, pushed: cycles });
      lane.chunk = undefined;
      if (lane.task === 'masked') lane.task = undefined;
      else if (lane.task !== undefined && inFlight < P.runAhead + 3) {
        const { pops } = lane.task;
        lane.chunk = pops[lane.task.next++];
        if (lane.task.next === pops.length) lane.task = undefined;
      }
      if (lane.task !== undefined) return;
      const next = (i + 1) % P.lanes;
      const victim = lanes[next];
      const [own, others] = [left[i] ?? 0, left[next] ?? 0];
      if (P.balance === 'steal' && victim !== undefined && others > own && others >= 2) {
        victim.left--;
        lane.task = taskOf(next, (totals[next] ?? 0) - 1 - victim.stolen++);
      } else if (own > 0) {
        lane.left--;
        lane.task = taskOf(i, lane.taken++);
      }
    });
  }
  const dense = positions * P.outputChannels * P.kernelHeight * P.kernelWidth * P.inputChannels;
  return { cycles, products, skipped: dense - products, stalls: P.lanes * cycles - products };
}

/** The output channels of each lane, slot by slot. */
function dealt(P: CoreParameters, weights: readonly number[]): readonly (readonly number[])[] {
  const lanes: number[][] = Array.from({ length: P.lanes }, () => []);
  const loads = lanes.map(() => 0);
  const size = weights.length / P.outputChannels;
  let free = new Set<number>();
  for (let k = 0; k < P.outputChannels; k++) {
    if (k % P.lanes === 0) free = new Set(lanes.keys());
    const lane = P.balance === 'permute' ? [...free].reduce((best, each) => (loads[each] ?? 0) < (loads[best] ?? 0) ? each : best) : k % P.lanes;
    free.delete(lane);
    lanes[lane]?.push(k);
    loads[lane] = (loads[lane] ?? 0) + weights.slice(k * size, (k + 1) * size).filter(weight => weight !== 0).length;
  }
  return lanes;
}

/** For each visited chunk of a task its pops: 0 where it has no entry. */
function popsOf(P: CoreParameters, { weights, inputs }: Tile, k: number, oy: number, ox: number): readonly number[] {
  const taps = P.kernelHeight * P.kernelWidth;
  const rounded = 2 ** Math.ceil(Math.log2(P.inputChannels));
  const tapsInChunk = rounded < P.lookahead ? Math.min(P.lookahead / rounded, taps) : 1;
  const chunkOf = (tap: number, c: number): number => rounded < P.lookahead ? Math.floor(tap / tapsInChunk) : tap * (rounded / P.lookahead) + Math.floor(c / P.lookahead);
  const pixels = new Map<number, number>();
  forEachTap(P, oy, ox, (tap, pixel) => pixels.set(tap, pixel));
  const counts = new Map<number, number>();
  const visited = new Set<number>();
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < P.inputChannels; c++) {
      const chunk = chunkOf(tap, c);
      const weight = weights[(k * taps + tap) * P.inputChannels + c];
      if (!P.skip.includes('weight') || weight !== 0) visited.add(chunk);
      const pixel = pixels.get(tap);
      if (pixel === undefined || (P.skip.includes('weight') && weight === 0) || (P.skip.includes('input') && inputs[pixel * P.inputChannels + c] === 0)) continue;
      counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
    }
  }
  const pops = [...visited].sort((a, b) => a - b).map(chunk => counts.get(chunk) ?? 0);
  return pops.length === 0 ? [0] : pops;
}
