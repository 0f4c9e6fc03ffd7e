import { generate } from '../../generators/index.js';
import { compressInputs, compressWeights, sparseOperand, ZeroSkipModel, type ZeroSkipCounters, type ZeroSkipParameters } from '../../golden/index.js';
import { buildSimulator, type Beats } from '../../testbench/index.js';
import type { SparseTile } from './tiles.js';

/** The layer of the bench: 64 channels, 3 x 3, a tile of 14 x 14, int8. */
export const layer: ZeroSkipParameters = {
  inputChannels: 64, outputChannels: 64, height: 14, width: 14, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 0, activationBits: 8, activationSigned: true, weightBits: 8,
  accumulatorBits: 32, group: 8, lanes: 16, lookahead: 128, runAhead: 4, balance: 'steal', skip: 'weight+input', inputFormat: 'compressed', weightTiles: 1,
};

/** What the emitted core did with a tile. */
export interface TileRun extends ZeroSkipCounters {
  /** Its sums are those of the dense convolution, and its counters those of the cycle model. */
  readonly good: boolean;
}

function joinWords(parts: readonly Uint32Array[]): Uint32Array {
  const words = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    words.set(part, at);
    return at + part.length;
  }, 0);
  return words;
}

/** The element of an unsigned or signed port of at most 32 bits. */
function element({ ports }: Beats, port: string, index: number): number {
  return Number(ports[port]?.[index] ?? Number.NaN);
}

/**
 * Runs tiles, one after the other, each with its own weights, through the emitted core in Verilator. Words of at most 32 bits; inputs compressed; no mask.
 * Throws a TestbenchError where a tool is missing or fails.
 */
export async function runTiles(parameters: ZeroSkipParameters, tiles: readonly SparseTile[]): Promise<readonly TileRun[]> {
  const simulator = await buildSimulator(generate('zero-skip-conv', { ...parameters }), { trace: false });
  const model = new ZeroSkipModel(parameters);
  const [weightWords, inputWords]: [Uint32Array[], Uint32Array[]] = [[], []];
  for (const { weights, inputs } of tiles) {
    const [kernels, tile] = [sparseOperand(weights), sparseOperand(inputs)];
    model.addWeights(kernels);
    model.addTile(tile);
    weightWords.push(compressWeights(kernels, parameters));
    inputWords.push(compressInputs(tile, parameters));
  }
  const [weight, input] = [joinWords(weightWords), joinWords(inputWords)];
  const expected = model.results();
  // When the last input is in, three tiles at most are still to come.
  const quietCycles = 10_000 + Math.max(...expected.slice(-3).map(({ counters }) => counters.cycles));
  const { outputs: { output } } = await simulator.run({
    weight: { count: weight.length, ports: { weight_data: weight } }, input: { count: input.length, ports: { input_data: input } },
  }, { seed: 1, maxCycles: 2 ** 31, quietCycles });
  if (output === undefined) throw new TypeError('the core has a stream output');
  const { lanes, outputChannels } = parameters;
  const rounds = Math.ceil(outputChannels / lanes);
  const beats = output.count / expected.length;
  return expected.map(({ sums, counters }, index) => {
    const last = (index + 1) * beats - 1;
    const counted = Object.fromEntries(Object.keys(counters).map(name => [name, element(output, `output_${name}`, last)]));
    const { cycles = Number.NaN, products = Number.NaN, skipped = Number.NaN, stalls = Number.NaN } = counted;
    const isSame = sums.every((sum, place) => {
      const [position, channel] = [Math.floor(place / outputChannels), place % outputChannels];
      const beat = index * beats + position * rounds + Math.floor(channel / lanes);
      return element(output, 'output_sum', beat * lanes + channel % lanes) === sum;
    });
    return {
      cycles, products, skipped, stalls,
      good: isSame && cycles === counters.cycles && products === counters.products && skipped === counters.skipped && stalls === counters.stalls,
    };
  });
}

/** Products over lanes and clocks. */
export function utilization({ products, cycles }: Pick<ZeroSkipCounters, 'products' | 'cycles'>, lanes: number): number {
  return products / (lanes * cycles);
}
