import {
  skipsZerosOf, zeroSkipClocks, ZeroSkipModel, zeroSkipSchedule, zeroSkipSizes, type ScheduleEvents, type TileResult, type ZeroSkipParameters,
} from '../../golden/index.js';
import type { Streams } from '../beats.js';
import type { Manifest } from '../manifest.js';
import { many } from '../many.js';
import type { CoverageModel, GoldenModel, Unit } from '../unit.js';
import { zeroSkipParameters } from './parameters.js';
import { Tally } from './tally.js';
import { zeroSkipStimulus } from './zero-skip-stimulus.js';
import { streamsOfTileResults, TileReader, type SetsAndTiles } from './zero-skip-streams.js';

/** Channels that `explain` writes out. */
const shownChannels = 16;

function feed(model: ZeroSkipModel, { weights, tiles, masks }: SetsAndTiles): readonly TileResult[] {
  for (const set of weights) model.addWeights(set);
  for (const tile of tiles) model.addTile(tile);
  for (const mask of masks) model.addMask(mask);
  return model.results();
}

function golden(manifest: Manifest): GoldenModel {
  const parameters = zeroSkipParameters(manifest);
  const [model, reader] = [new ZeroSkipModel(parameters), new TileReader(parameters)];
  return { process: streams => streamsOfTileResults(feed(model, reader.read(streams)), parameters) };
}

const eventNames: readonly (readonly [keyof ScheduleEvents, string])[] = [
  ['jumped', 'chunk: without weights, jumped over'], ['empty', 'chunk: visited, without pairs'], ['full', 'chunk: waits for a full queue'], ['withoutPairs', 'task: without pairs'],
  ['masked', 'task: masked'], ['thefts', 'task: taken by another lane'], ['contested', 'task: taken while the owner takes another one'],
];

/** The events of tiles that have all of them that their parameters allow: everything there, nothing there, and the work of one output channel alone. */
function possibleEvents(parameters: ZeroSkipParameters): ReadonlySet<keyof ScheduleEvents> {
  const { outputChannels } = parameters;
  const { inputs, weights, positions } = zeroSkipSizes(parameters);
  const window = weights / outputChannels;
  const bits = (count: number, isThere: (index: number) => boolean): Uint8Array => Uint8Array.from({ length: count }, (_, index) => Number(isThere(index)));
  const [all, none] = [() => true, () => false];
  const mask = bits(positions * outputChannels, index => index % 3 === 0);
  const events = [
    { weightBits: bits(weights, all), inputBits: bits(inputs, all) }, { weightBits: bits(weights, none), inputBits: bits(inputs, none) },
    { weightBits: bits(weights, index => index < window), inputBits: bits(inputs, all) }, { weightBits: bits(weights, index => index === weights - 1), inputBits: bits(inputs, none) },
  ].map(each => zeroSkipSchedule({ ...each, mask }, parameters).events);
  return new Set(eventNames.map(([event]) => event).filter(event => events.some(each => each[event] > 0)));
}

/** Tiles by how much of them is skipped, sums, and what happens in the schedule. */
class TileCoverage implements CoverageModel {
  private readonly tiles: Tally;
  private readonly sums: Tally;
  private readonly events: Tally;
  private readonly model: ZeroSkipModel;
  private readonly reader: TileReader;
  private readonly dense: number;

  constructor(parameters: ZeroSkipParameters) {
    const { inputs, weights, positions } = zeroSkipSizes(parameters);
    const ones = { weightBits: new Uint8Array(weights).fill(1), inputBits: new Uint8Array(inputs).fill(1), mask: new Uint8Array(positions * parameters.outputChannels).fill(1) };
    this.dense = zeroSkipSchedule(ones, parameters).products;
    const skipsAny = parameters.skip !== 'none';
    // With much padding and a large stride it may be that no output has any input of the tile.
    const canOccur = this.dense === 0 ? [true, false, false] : [skipsAny, skipsAny && this.dense > 1, true];
    this.tiles = new Tally(['tile: no product', 'tile: some products', 'tile: every product'], index => canOccur[index] ?? false);
    this.sums = new Tally(['sum: negative', 'sum: zero', 'sum: positive'], index => index === 1 || this.dense > 0);
    const possible = possibleEvents(parameters);
    this.events = new Tally(eventNames.map(([, name]) => name), index => possible.has(eventNames[index]?.[0] ?? 'full'));
    [this.model, this.reader] = [new ZeroSkipModel(parameters), new TileReader(parameters)];
  }

  get bins(): readonly string[] {
    return Object.keys(this.counts());
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([this.tiles, this.events, this.sums].flatMap(tally => tally.entries()));
  }

  add(inputs: Streams): void {
    for (const { sums, counters, events } of feed(this.model, this.reader.read(inputs))) {
      this.tiles.count(counters.products === 0 ? 0 : counters.products === this.dense ? 2 : 1);
      for (const sum of sums) this.sums.count(1 + Math.sign(sum));
      eventNames.forEach(([event], index) => {
        if (events[event] > 0) this.events.count(index);
      });
    }
  }
}

/** Clocks of a tile whose work is all in one lane, and nothing of it skipped. */
function longestWait(manifest: Manifest): number {
  const parameters = zeroSkipParameters(manifest);
  const { products, positions } = zeroSkipSizes(parameters);
  const { inputChannels, outputChannels, kernelHeight, kernelWidth, lookahead } = parameters;
  const chunks = kernelHeight * kernelWidth * Math.ceil(inputChannels / lookahead);
  return products + positions * outputChannels * (chunks + 2) + 16;
}

function complete(manifest: Manifest, inputs: Streams): string | undefined {
  const parameters = zeroSkipParameters(manifest);
  const { inputs: tileSize, positions } = zeroSkipSizes(parameters);
  const { height, width, inputChannels, weightTiles, inputFormat } = parameters;
  const reader = new TileReader(parameters);
  const { tiles, weights } = reader.read(inputs);
  const beats = inputs.input?.count ?? 0;
  if (inputFormat === 'dense' && beats % tileSize !== 0) {
    return `tile ${Math.floor(beats / tileSize)} ends after ${beats % tileSize} of its ${tileSize} inputs (${height} rows x ${width} columns x ${many(inputChannels, 'channel')}).`;
  }
  if (reader.begun.input > 0) return `tile ${tiles.length} ends after ${many(reader.begun.input, 'word')}, in the middle.`;
  if (reader.begun.weight > 0) return `set ${weights.length} of weights ends after ${many(reader.begun.weight, 'word')}, in the middle.`;
  const sets = Math.ceil(tiles.length / weightTiles);
  if (weights.length !== sets) return `the stream weight has ${many(weights.length, 'set')} of weights; ${many(tiles.length, 'tile')}, ${weightTiles} for each set, would be ${sets}.`;
  const mask = inputs.mask?.count ?? 0;
  if (!skipsZerosOf(parameters, 'output') || mask === tiles.length * positions) return undefined;
  return `the stream mask has ${many(mask, 'beat')}; ${many(tiles.length, 'tile')} of ${many(positions, 'position')} would be ${tiles.length * positions}.`;
}

function timing(manifest: Manifest, inputs: Streams): Readonly<Record<string, Uint32Array>> {
  const parameters = zeroSkipParameters(manifest);
  const read = new TileReader(parameters).read(inputs);
  const results = feed(new ZeroSkipModel(parameters), read);
  return { output: zeroSkipClocks(read.weights, results.flatMap(({ counters }, index) => read.tiles.slice(index, index + 1).map(tile => ({ inputs: tile, cycles: counters.cycles }))), parameters) };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = zeroSkipParameters(manifest);
  const { positions, rounds, outputWidth } = zeroSkipSizes(parameters);
  const { outputChannels, lanes, stride, padding, kernelHeight, kernelWidth } = parameters;
  const perTile = positions * rounds;
  const [tile, beat] = [Math.floor(outputIndex / perTile), outputIndex % perTile];
  const [position, round] = [Math.floor(beat / rounds), beat % rounds];
  const result = feed(new ZeroSkipModel(parameters), new TileReader(parameters).read(inputs))[tile];
  if (result === undefined) return [`Output beat ${outputIndex} belongs to no tile that was given.`];
  const [row, column] = [Math.floor(position / outputWidth), position % outputWidth];
  const { cycles, products, skipped, stalls } = result.counters;
  const channels = Array.from({ length: Math.min(lanes, outputChannels - round * lanes) }, (_, lane) => round * lanes + lane);
  return [
    `tile ${tile}, row ${row}, column ${column}: input rows ${row * stride - padding}..${row * stride - padding + kernelHeight - 1}, columns ${column * stride - padding}..${column * stride - padding + kernelWidth - 1}`,
    `counters of the tile: ${cycles} cycles, ${products} products, ${skipped} skipped, ${stalls} stalls`,
    ...channels.slice(0, shownChannels).map(channel => `channel ${channel}: sum ${result.sums[position * outputChannels + channel]}`),
    ...(channels.length > shownChannels ? [`and ${channels.length - shownChannels} more channels`] : []),
  ];
}

/** The zero-skip convolution core: words of weights on `weight`, tiles on `input`, masks on `mask`; `output` carries the sums of one channel of each lane, and the counters. */
export const zeroSkipConv: Unit = {
  name: 'zero-skip-conv',
  summary: 'exact convolution of tiles that does the products of non-zeros only, with counters of its clocks',
  golden, stimulus: zeroSkipStimulus, coverage: manifest => new TileCoverage(zeroSkipParameters(manifest)), explain, timing, longestWait, complete,
};
