import {
  compressInputs, compressWeights, decompressInputs, decompressWeights, inputWordBits, skipsZerosOf, weightWordBits, wordsOf, zeroSkipSizes, type DecodedOperand, type EncoderFreedom, type SparseOperand,
  type TileResult, type ZeroSkipParameters,
} from '../../golden/index.js';
import { createPortData, joinBeats, type Beats, type Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import { PartialBeats } from './partial-beats.js';
import { fromWords, toWords } from './plane-words.js';

/** What goes into the core: sets of weights, tiles, and where outputs are skipped a mask, [position][outputChannels], for each tile. */
export interface SetsAndTiles {
  readonly weights: readonly SparseOperand[];
  readonly tiles: readonly SparseOperand[];
  readonly masks: readonly ArrayLike<number>[];
}

function portOf(beats: Beats, name: string): Beats['ports'][string] {
  const data = beats.ports[name];
  if (data === undefined) throw new TestbenchError('usage', `A zero-skip-conv of these parameters takes ${name}; given are ${Object.keys(beats.ports).join(', ') || 'none'}.`);
  return data;
}

/** Beats of words of `width` bits. */
function beatsOfWords(port: string, parts: readonly Uint32Array[], width: number): Beats {
  return joinBeats([{ count: 0, words: new Uint32Array(0) }, ...parts.map(words => ({ count: words.length / wordsOf(width), words }))].map(({ count, words }) => ({ count, ports: { [port]: fromWords(words, width) } })));
}

/** Beats of the input streams that carry sets, tiles and masks. Throws a GoldenError where one does not fit. */
export function streamsOfTiles({ weights, tiles, masks }: SetsAndTiles, parameters: ZeroSkipParameters, freedom: EncoderFreedom = {}): Streams {
  const { outputChannels, activationSigned, activationBits, inputFormat } = parameters;
  const { inputs, positions } = zeroSkipSizes(parameters);
  const weight = beatsOfWords('weight_data', weights.map(each => compressWeights(each, parameters, freedom)), weightWordBits(parameters));
  const dense = createPortData({ elements: 1, elementWidth: activationBits, signed: activationSigned }, inputFormat === 'dense' ? tiles.length * inputs : 0);
  if (inputFormat === 'dense' && (dense instanceof Int32Array || dense instanceof Uint32Array)) tiles.forEach(({ values }, index) => dense.set(values, index * inputs));
  const input = inputFormat === 'dense'
    ? { count: tiles.length * inputs, ports: { input_value: dense } }
    : beatsOfWords('input_data', tiles.map(each => compressInputs(each, parameters, freedom)), inputWordBits(parameters));
  if (!skipsZerosOf(parameters, 'output')) return { weight, input };
  const words = masks.map(mask => {
    const perBeat = wordsOf(outputChannels);
    const packed = new Uint32Array(positions * perBeat);
    for (let bit = 0; bit < positions * outputChannels; bit++) {
      const at = Math.floor(bit / outputChannels) * perBeat + ((bit % outputChannels) >>> 5);
      if (mask[bit] !== 0) packed[at] = ((packed[at] ?? 0) | (1 << ((bit % outputChannels) & 31))) >>> 0;
    }
    return packed;
  });
  return { weight, input, mask: beatsOfWords('mask_needed', words, outputChannels) };
}

/** Words of a stream that are not a whole set or tile yet: they wait for the rest. */
class PartialWords {
  private waiting = new Uint32Array(0);

  constructor(private readonly port: string, private readonly width: number, private readonly decode: (words: Uint32Array, at: number) => DecodedOperand | undefined) {}

  take(beats: Beats | undefined): readonly SparseOperand[] {
    if (beats === undefined || beats.count === 0) return [];
    const fresh = toWords(portOf(beats, this.port), this.width);
    const words = new Uint32Array(this.waiting.length + fresh.length);
    words.set(this.waiting);
    words.set(fresh, this.waiting.length);
    const found: SparseOperand[] = [];
    let at = 0;
    for (let next = this.decode(words, at); next !== undefined && next.next > at; next = this.decode(words, at)) {
      found.push({ values: next.values, bits: next.bits });
      at = next.next;
    }
    this.waiting = words.slice(at);
    return found;
  }

  /** Words of a set or tile that was begun. */
  get begun(): number {
    return this.waiting.length / wordsOf(this.width);
  }
}

/** Cuts the beats of calls into sets, tiles and masks. */
export class TileReader {
  private readonly weights: PartialWords;
  private readonly compressed: PartialWords;
  private readonly dense: PartialBeats;
  private readonly mask: PartialBeats;

  constructor(private readonly parameters: ZeroSkipParameters) {
    const { inputs, positions } = zeroSkipSizes(parameters);
    this.weights = new PartialWords('weight_data', weightWordBits(parameters), (words, at) => decompressWeights(words, parameters, at));
    this.compressed = new PartialWords('input_data', inputWordBits(parameters), (words, at) => decompressInputs(words, parameters, at));
    this.dense = new PartialBeats(inputs);
    this.mask = new PartialBeats(positions);
  }

  read(streams: Streams): SetsAndTiles {
    const { parameters } = this;
    const { outputChannels } = parameters;
    const tiles = parameters.inputFormat === 'compressed' ? this.compressed.take(streams.input) : this.dense.take(streams.input).map(beats => {
      const values = Int32Array.from<number | bigint>(portOf(beats, 'input_value'), Number);
      return { values, bits: Uint8Array.from(values, value => (value === 0 ? 0 : 1)) };
    });
    const masks = this.mask.take(streams.mask).map(beats => {
      const words = toWords(portOf(beats, 'mask_needed'), outputChannels);
      const perBeat = wordsOf(outputChannels);
      return Uint8Array.from({ length: beats.count * outputChannels }, (_, bit) => {
        const channel = bit % outputChannels;
        return ((words[Math.floor(bit / outputChannels) * perBeat + (channel >>> 5)] ?? 0) >>> (channel & 31)) & 1;
      });
    });
    return { weights: this.weights.take(streams.weight), tiles, masks };
  }

  /** Words of a set of weights, or of a compressed tile, that were begun and not finished. */
  get begun(): { readonly weight: number; readonly input: number } {
    return { weight: this.weights.begun, input: this.compressed.begun };
  }
}

/** The beats of the stream output that carry results, tile after tile. */
export function streamsOfTileResults(results: readonly TileResult[], parameters: ZeroSkipParameters): Streams {
  const { lanes, outputChannels, accumulatorBits } = parameters;
  const { positions, rounds } = zeroSkipSizes(parameters);
  const perTile = positions * rounds;
  const count = results.length * perTile;
  const sums = createPortData({ elements: lanes, elementWidth: accumulatorBits, signed: true }, count);
  const last = new Uint32Array(count);
  const counters = { cycles: new Uint32Array(count), products: new Uint32Array(count), skipped: new Uint32Array(count), stalls: new Uint32Array(count) };
  results.forEach((result, tile) => {
    for (let beat = 0; beat < perTile; beat++) {
      const at = tile * perTile + beat;
      const [position, round] = [Math.floor(beat / rounds), beat % rounds];
      for (let lane = 0; lane < lanes; lane++) {
        const channel = round * lanes + lane;
        if (channel < outputChannels && sums instanceof Int32Array) sums[at * lanes + lane] = result.sums[position * outputChannels + channel] ?? 0;
      }
      last[at] = Number(beat === perTile - 1);
      counters.cycles[at] = result.counters.cycles;
      counters.products[at] = result.counters.products;
      counters.skipped[at] = result.counters.skipped;
      counters.stalls[at] = result.counters.stalls;
    }
  });
  return {
    output: {
      count,
      ports: {
        output_sum: sums, output_last: last, output_cycles: counters.cycles, output_products: counters.products, output_skipped: counters.skipped, output_stalls: counters.stalls,
      },
    },
  };
}

