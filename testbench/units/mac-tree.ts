import {
  activationCodes, beatSumRange, decodeActivationCode, decodedValue, encodeActivation, MacTreeModel, sumWidth,
  type EncodedActivation, type MacTreeParameters,
} from '../../golden/index.js';
import type { Beats, PortData, Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { createStimulus } from '../stimulus.js';
import type { CoverageModel, GoldenModel, Stimulus, Unit } from '../unit.js';
import { activationCounter, codeCounter, OperandCounter } from './activation-cases.js';
import { beatsOfDotProduct, LengthCounter } from './dot-product-length.js';
import { macTreeParameters } from './parameters.js';

/** Lanes that `explain` writes out. */
const shownLanes = 32;

function integers(beats: Beats, name: string): Int32Array | Uint32Array {
  const data: PortData | undefined = beats.ports[name];
  if (data instanceof Int32Array || data instanceof Uint32Array) return data;
  throw new TestbenchError('usage', `The port ${name} of a MAC tree needs elements of at most 32 bits.`);
}

function signed(data: Int32Array | Uint32Array): Int32Array {
  return data instanceof Int32Array ? data : new Int32Array(data.buffer, data.byteOffset, data.length);
}

function inputOf(streams: Streams): Beats {
  const beats = streams.in;
  if (beats === undefined) throw new TestbenchError('usage', `A MAC tree takes the stream in; given are ${Object.keys(streams).join(', ') || 'none'}.`);
  return beats;
}

function golden(manifest: Manifest): GoldenModel {
  const parameters = macTreeParameters(manifest);
  const model = new MacTreeModel(parameters);
  return {
    process: streams => {
      const beats = inputOf(streams);
      const last = parameters.accumulate === 'off' ? undefined : integers(beats, 'in_last');
      const sums = model.process(integers(beats, 'in_activation'), signed(integers(beats, 'in_weight')), last);
      return { out: { count: sums.length, ports: { out_sum: sums } } };
    },
  };
}

function stimulus(manifest: Manifest): Stimulus {
  const parameters = macTreeParameters(manifest);
  if (parameters.encoding === 'inside') return createStimulus(manifest);
  const valueOf = (code: number): number => decodedValue(decodeActivationCode(code, parameters));
  return createStimulus(manifest, { legal: { in_activation: activationCodes(parameters).sort((a, b) => valueOf(a) - valueOf(b)) } });
}

function weightCounter({ weightBits }: MacTreeParameters): OperandCounter {
  const [min, max] = [-(2 ** (weightBits - 1)), 2 ** (weightBits - 1) - 1];
  return new OperandCounter(min, max, weight => [
    ...(weight === 0 ? ['weight: zero'] : []), ...(weight === min ? ['weight: most negative'] : []), ...(weight === max ? ['weight: largest'] : []),
    weight < 0 ? 'weight: negative' : 'weight: not negative',
  ]);
}

/** Beats whose lanes are all zero, and sums at the ends of what one beat can give. */
class SumCounter {
  readonly counts = new Map([['sum: negative', 0], ['sum: zero', 0], ['sum: positive', 0], ['sum: smallest of a beat', 0], ['sum: largest of a beat', 0]]);
  private readonly least: bigint;
  private readonly most: bigint;

  constructor(parameters: MacTreeParameters) {
    ({ min: this.least, max: this.most } = beatSumRange(parameters));
  }

  add(sums: PortData): void {
    if (!(sums instanceof Int32Array)) return this.addWide(sums);
    const [least, most] = [Number(this.least), Number(this.most)];
    let [negative, zero, smallest, largest] = [0, 0, 0, 0];
    const { length } = sums;
    for (let index = 0; index < length; index++) {
      const sum = sums[index] ?? 0;
      if (sum < 0) negative++;
      else if (sum === 0) zero++;
      if (sum === least) smallest++;
      if (sum === most) largest++;
    }
    this.count(negative, zero, length - negative - zero, smallest, largest);
  }

  private addWide(sums: PortData): void {
    for (const value of sums) {
      const sum = BigInt(value);
      this.count(Number(sum < 0n), Number(sum === 0n), Number(sum > 0n), Number(sum === this.least), Number(sum === this.most));
    }
  }

  private count(...added: readonly number[]): void {
    [...this.counts].forEach(([bin, count], index) => this.counts.set(bin, count + (added[index] ?? 0)));
  }
}

/** Beats with a zero activation in every lane, in some, in none. */
class ZeroCounter {
  readonly counts = new Map([['zero activations: in all lanes', 0], ['zero activations: in some lanes', 0], ['zero activations: in no lane', 0]]);

  constructor(private readonly lanes: number) {}

  add(activations: Int32Array | Uint32Array): void {
    const beats = activations.length / this.lanes;
    const [all, none] = countZeroBeats(signed(activations), this.lanes, beats);
    [all, beats - all - none, none].forEach((added, index) => {
      const bin = [...this.counts.keys()][index] ?? '';
      this.counts.set(bin, (this.counts.get(bin) ?? 0) + added);
    });
  }
}

/** Beats whose activations are all zero, and those of which none is. */
function countZeroBeats(activations: Int32Array, lanes: number, beats: number): readonly [number, number] {
  let [all, none] = [0, 0];
  for (let beat = 0, at = 0; beat < beats; beat++) {
    let zeros = 0;
    for (const end = at + lanes; at < end; at++) zeros += activations[at] === 0 ? 1 : 0;
    if (zeros === lanes) all++;
    else if (zeros === 0) none++;
  }
  return [all, none];
}

function coverage(manifest: Manifest): CoverageModel {
  const parameters = macTreeParameters(manifest);
  const activations = parameters.encoding === 'inside' ? activationCounter(parameters) : codeCounter(parameters);
  const weights = weightCounter(parameters);
  const zeros = new ZeroCounter(parameters.lanes);
  const sums = new SumCounter(parameters);
  const lengths = parameters.accumulate === 'off' ? undefined : new LengthCounter();
  const maps = (): readonly ReadonlyMap<string, number>[] => [activations.byBin(), weights.byBin(), zeros.counts, sums.counts, lengths?.counts ?? new Map<string, number>()];
  return {
    bins: maps().flatMap(map => [...map.keys()]),
    add: (inputs, outputs) => {
      const beats = inputOf(inputs);
      const operands = integers(beats, 'in_activation');
      activations.add(operands);
      weights.add(integers(beats, 'in_weight'));
      zeros.add(operands);
      lengths?.add(integers(beats, 'in_last'));
      const { out } = outputs;
      if (out?.ports.out_sum !== undefined) sums.add(out.ports.out_sum);
    },
    counts: () => Object.fromEntries(maps().flatMap(map => [...map])),
  };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = macTreeParameters(manifest);
  const { lanes } = parameters;
  const beats = inputOf(inputs);
  const activations = integers(beats, 'in_activation');
  const weights = integers(beats, 'in_weight');
  const found = beatsOfDotProduct(parameters.accumulate === 'off' ? undefined : integers(beats, 'in_last'), outputIndex);
  if (found === undefined || found[1] >= beats.count) return [`Output beat ${outputIndex} belongs to no input that was given.`];
  const [first, end] = found;
  const decode = (operand: number): EncodedActivation => (parameters.encoding === 'inside' ? encodeActivation(operand, parameters) : decodeActivationCode(operand, parameters));
  const product = (at: number): number => decodedValue(decode(activations[at] ?? 0)) * (weights[at] ?? 0);
  const lines: string[] = [];
  let total = 0n;
  for (let beat = first; beat <= end; beat++) {
    const places = Array.from({ length: lanes }, (_, lane) => beat * lanes + lane);
    const sum = places.reduce((part, at) => part + product(at), 0);
    total += BigInt(sum);
    if (first === end) lines.push(...places.slice(0, shownLanes).map((at, lane) => laneLine(lane, activations[at] ?? 0, decode(activations[at] ?? 0), weights[at] ?? 0, product(at))));
    else if (beat - first < shownLanes) lines.push(`input beat ${beat}: sum ${sum}`);
  }
  const hidden = (first === end ? lanes : end - first + 1) - shownLanes;
  if (hidden > 0) lines.push(`and ${hidden} more ${first === end ? 'lanes' : 'beats'}`);
  lines.push(`sum ${total} in ${sumWidth(parameters)} bits`);
  return lines;
}

function laneLine(lane: number, operand: number, { sign, q, s }: EncodedActivation, weight: number, product: number): string {
  return `lane ${lane}: activation ${operand} as ${sign === 1 ? '-' : ''}${q} << ${s} = ${decodedValue({ sign, q, s })}, times weight ${weight} = ${product}`;
}

/** The MAC tree: the ports of `in` are activations (or their codes), weights and, with accumulate, the last flag; `out` carries the sums. */
export const macTree: Unit = {
  name: 'mac-tree',
  summary: 'sum of products of activations, shortened to their leading bits, with signed weights',
  golden, stimulus, coverage, explain,
};
