/**
 * The clock of every output beat of the zero-skip convolution core and of its pruning unit at full speed: every input stream offers a beat in each clock, every output stream is
 * always ready (`docs/zero-skip-conv.md`). Clocks are counted from the one in which the first input beat moves.
 */
import { pruneSteps, type PruneParameters } from './prune-unit.js';
import { kernelSize, skipsZerosOf, zeroSkipSizes, type SparseOperand, type ZeroSkipParameters } from './zero-skip-conv.js';

function countOnes(bits: Uint8Array): number {
  let ones = 0;
  for (const bit of bits) if (bit !== 0) ones++;
  return ones;
}

/** Clocks that the load of a set of weights takes. */
export function weightLoadClocks({ bits }: Pick<SparseOperand, 'bits'>, parameters: ZeroSkipParameters): number {
  const { inputChannels, outputChannels, kernelHeight, kernelWidth, group } = parameters;
  const groups = kernelHeight * kernelWidth * Math.ceil(inputChannels / group);
  return outputChannels * (Math.ceil(groups / group) + groups) + (skipsZerosOf(parameters, 'weight') ? countOnes(bits) : bits.length);
}

/** Clocks that the load of a tile of inputs takes. */
export function inputLoadClocks({ bits }: Pick<SparseOperand, 'bits'>, parameters: ZeroSkipParameters): number {
  const { height, width, inputChannels, group, inputFormat } = parameters;
  if (inputFormat === 'dense') return height * width * inputChannels;
  return height * width * Math.ceil(inputChannels / group) + (skipsZerosOf(parameters, 'input') ? countOnes(bits) : bits.length);
}

/** Loads into two banks, one after the other. */
class Loads {
  /** The last clock of each load, and the clocks in which the banks of the loads were given back. */
  private readonly loaded: number[] = [];
  private readonly released: number[] = [];

  /** Loads the next one, and returns the last clock of it. The load before the last one must have been given back. */
  load(clocks: number): number {
    const at = this.loaded.length;
    const begins = Math.max(this.loaded[at - 1] ?? -1, this.released[at - 2] ?? -1) + 1;
    this.loaded.push(begins + clocks - 1);
    return begins + clocks - 1;
  }

  release(clock: number): void {
    this.released.push(clock);
  }
}

/** A tile with the `cycles` that the schedule gives it. */
export interface TimedTile {
  readonly inputs: Pick<SparseOperand, 'bits'>;
  readonly cycles: number;
}

/** The clock in which each output beat moves, tile after tile. There are enough sets of weights for the tiles. */
export function zeroSkipClocks(sets: readonly Pick<SparseOperand, 'bits'>[], tiles: readonly TimedTile[], parameters: ZeroSkipParameters): Uint32Array {
  const { positions, rounds } = zeroSkipSizes(parameters);
  const { weightTiles } = parameters;
  const takesMask = skipsZerosOf(parameters, 'output');
  const beats = positions * rounds;
  const [weightLoads, tileLoads, maskLoads] = [new Loads(), new Loads(), new Loads()];
  /** The clock of the last output beat of each tile. */
  const lastBeats: number[] = [];
  const clocks = new Uint32Array(tiles.length * beats);
  let [setLoaded, ended] = [-1, -1];
  tiles.forEach(({ inputs, cycles }, tile) => {
    const set = sets[tile / weightTiles];
    if (set !== undefined) setLoaded = weightLoads.load(weightLoadClocks(set, parameters));
    const ready = [setLoaded, tileLoads.load(inputLoadClocks(inputs, parameters)), takesMask ? maskLoads.load(positions) : -1, ended, lastBeats[tile - 2] ?? -1];
    const starts = Math.max(...ready) + 1;
    ended = starts + cycles + 3;
    for (const loads of [tileLoads, maskLoads]) loads.release(ended);
    if ((tile + 1) % weightTiles === 0) weightLoads.release(ended);
    const first = Math.max(ended, lastBeats[tile - 1] ?? -1) + 3;
    for (let beat = 0; beat < beats; beat++) clocks[tile * beats + beat] = first + beat;
    lastBeats.push(first + beats - 1);
  });
  return clocks;
}

/** The clocks in which the words and the reports of pruned sets of weights move. */
export interface PruneClocks {
  readonly out: Uint32Array;
  readonly report: Uint32Array;
}

/** The clocks of pruned sets, each as it is left: [outputChannels][kernelHeight][kernelWidth][inputChannels]. */
export function pruneClocks(sets: readonly ArrayLike<number>[], parameters: PruneParameters): PruneClocks {
  const { inputChannels, outputChannels, group } = parameters;
  const size = kernelSize(parameters);
  const window = size / outputChannels;
  const takesThresholds = pruneSteps(parameters).length > 0;
  const [out, report]: [number[], number[]] = [[], []];
  /** The clock in which the last word of each span was given. */
  const given: number[] = [];
  /** The clocks of the last weight of all, and of the last one of the set before. */
  let [moved, setMoved] = [-1, -1];
  for (const weights of sets) {
    // Its own thresholds, and the report of the set before where a single weight would overtake it.
    const ready = Math.max(takesThresholds ? setMoved + inputChannels + 1 : 0, size === 1 && setMoved >= 0 ? setMoved + 3 : 0);
    for (let channel = 0; channel < outputChannels; channel++) {
      for (const [index, span] of spansOf(weights, channel * window, window, inputChannels, group).entries()) {
        const pause = index === 0 && moved >= 0 ? 1 : 0;
        const first = Math.max(moved + 1 + pause, ready, (given[given.length - 2] ?? -1) + 1);
        moved = first + span.weights - 1;
        let clock = Math.max(moved + 2, (given.at(-1) ?? -1) + 1);
        out.push(clock + 2);
        for (const left of span.left) {
          clock += 2;
          out.push(clock + 2);
          for (let weight = 0; weight < left; weight++) out.push(++clock + 2);
        }
        given.push(clock);
      }
    }
    setMoved = moved;
    report.push(moved + 2);
  }
  return { out: Uint32Array.from(out), report: Uint32Array.from(report) };
}

/** A span: its weights, and how many are left of each group that has any. */
interface Span {
  readonly weights: number;
  readonly left: readonly number[];
}

function spansOf(weights: ArrayLike<number>, first: number, window: number, inputChannels: number, group: number): readonly Span[] {
  const groups: { readonly weights: number; readonly left: number }[] = [];
  for (let row = first; row < first + window; row += inputChannels) {
    for (let channel = 0; channel < inputChannels; channel += group) {
      const count = Math.min(group, inputChannels - channel);
      let left = 0;
      for (let index = row + channel; index < row + channel + count; index++) if (weights[index] !== 0) left++;
      groups.push({ weights: count, left });
    }
  }
  return Array.from({ length: Math.ceil(groups.length / group) }, (_, span) => {
    const covered = groups.slice(span * group, (span + 1) * group);
    return { weights: covered.reduce((sum, each) => sum + each.weights, 0), left: covered.map(({ left }) => left).filter(left => left > 0) };
  });
}
