import { generate } from '../../generators/index.js';
import { sparseOperand, ZeroSkipModel, type ZeroSkipCounters, type ZeroSkipParameters } from '../../golden/index.js';
import { buildSimulator, compareStreams, findUnit, waitOf } from '../../testbench/index.js';
import { streamsOfTileResults, streamsOfTiles } from '../../testbench/units/zero-skip-streams.js';
import type { SparseTile } from './tiles.js';

/** The layer of the bench: 64 channels, 3 x 3, a tile of 14 x 14, int8. */
export const layer: ZeroSkipParameters = {
  inputChannels: 64, outputChannels: 64, height: 14, width: 14, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 0, activationBits: 8, activationSigned: true, weightBits: 8,
  accumulatorBits: 32, group: 8, lanes: 16, lookahead: 128, runAhead: 4, balance: 'steal', skip: 'weight+input', inputFormat: 'compressed', weightTiles: 1,
};

/** What the emitted core did with a tile. */
export interface TileRun extends ZeroSkipCounters {
  /** Its sums are those of the dense convolution, its counters those of the cycle model, and so are those of all tiles before it. */
  readonly good: boolean;
}

/** Runs tiles, one after the other, each with its own weights, through the emitted core in Verilator; no mask. Throws a TestbenchError where a tool is missing or fails. */
export async function runTiles(parameters: ZeroSkipParameters, tiles: readonly SparseTile[]): Promise<readonly TileRun[]> {
  const design = generate('zero-skip-conv', { ...parameters });
  const simulator = await buildSimulator(design, { trace: false });
  const operands = { weights: tiles.map(({ weights }) => sparseOperand(weights)), tiles: tiles.map(({ inputs }) => sparseOperand(inputs)), masks: [] };
  const model = new ZeroSkipModel(parameters);
  for (const weights of operands.weights) model.addWeights(weights);
  for (const inputs of operands.tiles) model.addTile(inputs);
  const results = model.results();
  const expected = streamsOfTileResults(results, parameters);
  const { outputs } = await simulator.run(streamsOfTiles(operands, parameters), {
    seed: 1, maxCycles: 2 ** 31, expectedBeats: expected.output?.count ?? 0, ...waitOf(findUnit('zero-skip-conv'), design.manifest),
  });
  const { mismatch } = compareStreams(expected, outputs, design.manifest);
  const beats = (expected.output?.count ?? 0) / results.length;
  const counted = (name: keyof ZeroSkipCounters, tile: number): number => Number(outputs.output?.ports[`output_${name}`]?.[(tile + 1) * beats - 1] ?? Number.NaN);
  return results.map((_, tile) => ({
    cycles: counted('cycles', tile), products: counted('products', tile), skipped: counted('skipped', tile), stalls: counted('stalls', tile),
    good: mismatch === undefined || Math.floor(mismatch.beat / beats) > tile,
  }));
}

/** Products over lanes and clocks. */
export function utilization({ products, cycles }: Pick<ZeroSkipCounters, 'products' | 'cycles'>, lanes: number): number {
  return products / (lanes * cycles);
}
