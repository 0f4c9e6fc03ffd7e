import { skipsZerosOf, zeroSkipSizes, type EncoderFreedom, type SparseOperand, type ZeroSkipParameters } from '../../golden/index.js';
import type { Manifest } from '../manifest.js';
import { createRandom, type RandomSource } from '../random.js';
import type { Stimulus } from '../unit.js';
import { zeroSkipParameters } from './parameters.js';
import { streamsOfTiles } from './zero-skip-streams.js';

/** Parts of the values that are there. */
const densities = [0, 0.02, 0.1, 0.3, 0.5, 0.8, 1] as const;

/** Values of a format, and its ends. */
interface Format {
  readonly bits: number;
  readonly signed: boolean;
}

function endsOf({ bits, signed }: Format): readonly [number, number] {
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

/** Values of which a part is there, one by one or in runs; ends of the format among them, and now and then a bit that stands before a 0. */
function drawOperand(random: RandomSource, count: number, format: Format, mayHaveZeros: boolean): SparseOperand {
  const [min, max] = endsOf(format);
  const density = densities[random.below(densities.length)] ?? 1;
  const run = random.chance(1 / 2) ? 1 : 1 + random.below(16);
  const [values, bits] = [new Int32Array(count), new Uint8Array(count)];
  let isThere = false;
  for (let index = 0; index < count; index++) {
    if (index % run === 0) isThere = random.chance(density);
    if (!isThere) continue;
    const value = random.chance(1 / 8) ? random.chance(1 / 2) ? min : max : random.between(min, max);
    values[index] = value === 0 && !mayHaveZeros ? 1 : value;
    bits[index] = 1;
  }
  return { values, bits };
}

/** A corner: which weights, inputs and outputs are there, and with what value. */
interface Corner {
  readonly weight: (index: number) => number;
  readonly input: (index: number) => number;
  readonly needed: (index: number) => boolean;
}

/** The most important ones first. */
function cornersOf(parameters: ZeroSkipParameters): readonly Corner[] {
  const { weightBits, activationBits, activationSigned, outputChannels, inputChannels } = parameters;
  const { inputs, weights } = zeroSkipSizes(parameters);
  const [[leastWeight], [leastInput, mostInput]] = [endsOf({ bits: weightBits, signed: true }), endsOf({ bits: activationBits, signed: activationSigned })];
  const extreme = leastInput < 0 ? leastInput : mostInput;
  const always = (): boolean => true;
  const window = weights / outputChannels;
  const only = (place: number, value: number) => (index: number): number => index === place ? value : 0;
  return [
    // All there, at the ends of the formats.
    { weight: () => leastWeight, input: () => extreme, needed: always },
    // Nothing there, and then everything again.
    { weight: () => 0, input: () => 0, needed: always },
    // Small sums of both signs; some outputs are not needed.
    { weight: index => Math.floor(index / window) % 2 === 0 ? 1 : -1, input: index => index % inputChannels === 0 ? 1 : 0, needed: always },
    { weight: index => index % 2 === 0 ? 1 : -1, input: () => 1, needed: index => index % 3 === 0 },
    // The last weight of the last channel with the last input; the first with the first.
    { weight: only(weights - 1, leastWeight), input: only(inputs - 1, extreme), needed: always },
    { weight: only(0, 1), input: only(0, 1), needed: () => false },
    // One output channel alone, so that one lane has all the work.
    { weight: index => index < window ? 1 : 0, input: () => extreme, needed: always },
    { weight: index => index >= weights - window ? leastWeight : 0, input: index => index % inputChannels === inputChannels - 1 ? 1 : 0, needed: index => index % outputChannels === 0 },
    { weight: () => 1, input: () => 0, needed: always },
    { weight: () => 0, input: () => 1, needed: always },
  ];
}

const cornerBeats = 20_000;

function made(count: number, value: (index: number) => number): SparseOperand {
  const values = Int32Array.from({ length: count }, (_, index) => value(index));
  return { values, bits: Uint8Array.from(values, each => (each === 0 ? 0 : 1)) };
}

function freedomOf(random: RandomSource): EncoderFreedom {
  return { spareBit: () => (random.chance(1 / 2) ? 1 : 0), emptyGroup: () => random.chance(1 / 16) };
}

/**
 * Tiles for the zero-skip convolution core, and for each `weightTiles` of them a set of weights: scattered and clustered zeros of every density. Every piece is whole sets with all of their tiles, so that
 * it stands alone. Bits that the core ignores are set at random.
 */
export function zeroSkipStimulus(manifest: Manifest): Stimulus {
  const parameters = zeroSkipParameters(manifest);
  const { positions, inputs, weights } = zeroSkipSizes(parameters);
  const { outputChannels, weightTiles, inputFormat, weightBits, activationBits, activationSigned } = parameters;
  const takesMask = skipsZerosOf(parameters, 'output');
  const isCompressed = inputFormat === 'compressed';
  return {
    anyPattern: false, framed: true,
    corners: () => {
      const random = createRandom(1);
      const affordable = Math.max(3, Math.floor(cornerBeats / Math.max(inputs, weights)));
      const chosen = cornersOf(parameters).slice(0, affordable);
      // With tiles that share a set the corners of inputs come all the same, as many as whole sets need.
      const count = Math.ceil(chosen.length / weightTiles) * weightTiles;
      const corner = (index: number): Corner | undefined => chosen[index % chosen.length];
      return streamsOfTiles({
        weights: Array.from({ length: count / weightTiles }, (_, set) => made(weights, index => corner(set)?.weight(index) ?? 0)),
        tiles: Array.from({ length: count }, (_, tile) => made(inputs, index => corner(tile)?.input(index) ?? 0)),
        masks: takesMask ? Array.from({ length: count }, (_, tile) => Uint8Array.from({ length: positions * outputChannels }, (__, index) => Number(corner(tile)?.needed(index)))) : [],
      }, parameters, freedomOf(random));
    },
    random: (random, count) => {
      const [sets, tiles, masks]: [SparseOperand[], SparseOperand[], Uint8Array[]] = [[], [], []];
      do {
        sets.push(drawOperand(random, weights, { bits: weightBits, signed: true }, true));
        for (let tile = 0; tile < weightTiles; tile++) {
          tiles.push(drawOperand(random, inputs, { bits: activationBits, signed: activationSigned }, isCompressed));
          if (takesMask) masks.push(drawOperand(random, positions * outputChannels, { bits: 2, signed: false }, true).bits);
        }
      } while (tiles.length * inputs < count);
      return streamsOfTiles({ weights: sets, tiles, masks }, parameters, freedomOf(random));
    },
  };
}
