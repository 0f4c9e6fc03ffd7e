import {
  convolutionRange, convolutionSizes, convolutionSumWidth, convolveCodes, outputBits, streamSizes, thresholdCount, xnorConvClocks, XnorConvModel, type Interval, type ThresholdSet, type XnorConvParameters,
} from '../../golden/index.js';
import type { Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { many } from '../many.js';
import type { CoverageModel, GoldenModel, Unit } from '../unit.js';
import { xnorConvParameters } from './parameters.js';
import { PartialBeats } from './partial-beats.js';
import { Tally } from './tally.js';
import { xnorConvStimulus } from './xnor-conv-stimulus.js';
import { frameOfBeats, resultsOfStreams, streamsOfResults, thresholdSetOfBeats, weightSetOfBeats, type Frame } from './xnor-conv-streams.js';

/** Channels that `explain` writes out. */
const shownChannels = 16;

/** Cuts the beats of calls into frames and sets. */
class FrameReader {
  private readonly in: PartialBeats;
  private readonly weight: PartialBeats;
  private readonly threshold: PartialBeats;

  constructor(private readonly parameters: XnorConvParameters) {
    const { pixelsIn, folding, groups } = streamSizes(parameters);
    [this.in, this.weight, this.threshold] = [new PartialBeats(pixelsIn), new PartialBeats(folding), new PartialBeats(groups)];
  }

  read(streams: Streams): { readonly frames: readonly Frame[]; readonly weights: readonly Uint8Array[]; readonly thresholds: readonly ThresholdSet[] } {
    const { parameters } = this;
    return {
      frames: this.in.take(streams.in).map(beats => frameOfBeats(beats, parameters)),
      weights: this.weight.take(streams.weight).map(beats => weightSetOfBeats(beats, parameters)),
      thresholds: this.threshold.take(streams.threshold).map(beats => thresholdSetOfBeats(beats, parameters)),
    };
  }
}

/** Adds what a call brings to a model. */
function feed(model: XnorConvModel, { frames, weights, thresholds }: ReturnType<FrameReader['read']>): void {
  for (const codes of weights) model.addWeights(codes);
  for (const set of thresholds) model.addThresholds(set);
  for (const { activations, reload } of frames) model.addFrame(activations, reload);
}

function golden(manifest: Manifest): GoldenModel {
  const parameters = xnorConvParameters(manifest);
  const model = new XnorConvModel(parameters);
  const reader = new FrameReader(parameters);
  const width = convolutionSumWidth(parameters);
  return {
    process: streams => {
      feed(model, reader.read(streams));
      return streamsOfResults(model.results(), parameters, width);
    },
  };
}

/** Whether some window lies wholly within the map, so that every sum may reach the ends of the range. */
function hasWholeWindow(parameters: XnorConvParameters): boolean {
  const { outputHeight, outputWidth } = convolutionSizes(parameters);
  const inside = (outputs: number, kernel: number, extent: number): boolean =>
    Array.from({ length: outputs }, (_, at) => at * parameters.stride - parameters.padding).some(first => first >= 0 && first + kernel <= extent);
  return inside(outputHeight, parameters.kernelHeight, parameters.height) && inside(outputWidth, parameters.kernelWidth, parameters.width);
}

/** Frames and their weights, results, and where there are thresholds how the sums lie to them. */
class ConvolutionCoverage implements CoverageModel {
  private readonly frameTally = new Tally(['frame: new weights', 'frame: weights of the frame before']);
  private readonly sumTally: Tally;
  private readonly thresholdTally: Tally;
  private readonly codeTally: Tally;
  private readonly range: Interval;
  private readonly thresholdCount: number;
  private readonly reader: FrameReader;
  /** Sums again, because thresholds hide them. */
  private readonly model: XnorConvModel;
  private readonly sets: ThresholdSet[] = [];
  private thresholds: ThresholdSet | undefined;
  private frames = 0;

  constructor(private readonly parameters: XnorConvParameters) {
    this.range = convolutionRange(parameters);
    this.thresholdCount = thresholdCount(parameters);
    this.reader = new FrameReader(parameters);
    this.model = new XnorConvModel({ ...parameters, output: 'integer' });
    const { min, max } = this.range;
    const reachable = [min < 0, max > 0, hasWholeWindow(parameters), hasWholeWindow(parameters)];
    this.sumTally = new Tally(['sum: negative', 'sum: positive', 'sum: smallest', 'sum: largest'], index => reachable[index] ?? false);
    this.thresholdTally = new Tally(
      ['threshold, at least: sum equal', 'threshold, at least: sum one less', 'threshold, at most: sum equal', 'threshold, at most: sum one more'], () => this.thresholdCount > 0,
    );
    const codes = this.thresholdCount === 0 ? 0 : 2 ** outputBits(parameters);
    this.codeTally = new Tally(Array.from({ length: codes }, (_, code) => `output: ${code}`));
  }

  get bins(): readonly string[] {
    return Object.keys(this.counts());
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([this.frameTally, this.sumTally, this.thresholdTally, this.codeTally].flatMap(tally => tally.entries()));
  }

  add(inputs: Streams, outputs: Streams): void {
    const read = this.reader.read(inputs);
    for (const { reload } of read.frames) {
      const isFirst = this.frames++ === 0;
      this.frameTally.count(reload || isFirst ? 0 : 1);
    }
    const results = resultsOfStreams(outputs, this.parameters);
    if (this.thresholdCount === 0) {
      for (const sum of results) this.countSum(sum);
      return;
    }
    for (const code of results) this.codeTally.count(code);
    this.addSums(read);
  }

  private addSums(read: ReturnType<FrameReader['read']>): void {
    this.sets.push(...read.thresholds);
    for (const codes of read.weights) this.model.addWeights(codes);
    for (const { activations, reload } of read.frames) {
      if (reload || this.thresholds === undefined) this.thresholds = this.sets.shift();
      this.model.addFrame(activations, reload);
      const [result] = this.model.results();
      if (result === undefined || this.thresholds === undefined) return;
      const { outputChannels } = this.parameters;
      for (let index = 0; index < result.sums.length; index++) {
        const sum = result.sums[index] ?? 0;
        this.countSum(sum);
        this.countThresholds(sum, index % outputChannels, this.thresholds);
      }
    }
  }

  private countSum(sum: number): void {
    const { min, max } = this.range;
    if (sum < 0) this.sumTally.count(0);
    if (sum > 0) this.sumTally.count(1);
    if (sum === min) this.sumTally.count(2);
    if (sum === max) this.sumTally.count(3);
  }

  private countThresholds(sum: number, channel: number, { values, directions }: ThresholdSet): void {
    const count = this.thresholdCount;
    const atMost = directions[channel] === 1;
    for (let threshold = channel * count; threshold < (channel + 1) * count; threshold++) {
      const beyond = sum - (values[threshold] ?? 0);
      if (beyond === 0) this.thresholdTally.count(atMost ? 2 : 0);
      if (beyond === (atMost ? 1 : -1)) this.thresholdTally.count(atMost ? 3 : 1);
    }
  }
}

/** Sets of weights that frames take: the first frame one, and each later one that says so. */
function setsTaken(frames: readonly Pick<Frame, 'reload'>[]): number {
  return frames.filter(({ reload }, index) => reload || index === 0).length;
}

function complete(manifest: Manifest, inputs: Streams): string | undefined {
  const parameters = xnorConvParameters(manifest);
  const { pixelsIn, folding, groups } = streamSizes(parameters);
  const { height, width } = parameters;
  const pixels = inputs.in?.count ?? 0;
  if (pixels % pixelsIn !== 0) return `frame ${Math.floor(pixels / pixelsIn)} ends after ${pixels % pixelsIn} of its ${pixelsIn} pixels (${height} rows x ${width} columns).`;
  const sets = setsTaken(new FrameReader(parameters).read({ ...(inputs.in === undefined ? {} : { in: inputs.in }) }).frames);
  const check = (name: string, perSet: number): string | undefined => {
    const beats = inputs[name]?.count ?? 0;
    if (beats === sets * perSet) return undefined;
    return `the stream ${name} has ${many(beats, 'beat')}; ${many(pixels / pixelsIn, 'frame')} with ${many(sets, 'set')} of ${many(perSet, 'beat')} would be ${sets * perSet}.`;
  };
  return check('weight', folding) ?? (thresholdCount(parameters) === 0 ? undefined : check('threshold', groups));
}

function timing(manifest: Manifest, inputs: Streams): Readonly<Record<string, Uint32Array>> {
  const parameters = xnorConvParameters(manifest);
  const { latency } = manifest;
  if (latency === undefined) throw new TestbenchError('usage', `The manifest of ${manifest.top} has no latency, from which the clocks of its results follow.`);
  const { frames } = new FrameReader(parameters).read({ ...(inputs.in === undefined ? {} : { in: inputs.in }) });
  return { out: xnorConvClocks(parameters, latency - streamSizes(parameters).folding - 4, frames.map(({ reload }) => reload)) };
}

/** The frame of an output beat with the sets that it uses; undefined where they were not given. */
function frameOf(inputs: Streams, parameters: XnorConvParameters, index: number): { readonly frame: Frame; readonly weights: Uint8Array; readonly thresholds?: ThresholdSet } | undefined {
  const { frames, weights, thresholds } = new FrameReader(parameters).read(inputs);
  const frame = frames[index];
  const set = setsTaken(frames.slice(0, index + 1)) - 1;
  const [taken, bounds] = [weights[set], thresholds[set]];
  return frame === undefined || taken === undefined ? undefined : { frame, weights: taken, ...(bounds === undefined ? {} : { thresholds: bounds }) };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = xnorConvParameters(manifest);
  const { pixelsOut } = streamSizes(parameters);
  const { outputWidth } = convolutionSizes(parameters);
  const { outputChannels, stride, padding, kernelHeight, kernelWidth } = parameters;
  const [index, pixel] = [Math.floor(outputIndex / pixelsOut), outputIndex % pixelsOut];
  const [row, column] = [Math.floor(pixel / outputWidth), pixel % outputWidth];
  const found = frameOf(inputs, parameters, index);
  if (found === undefined) return [`Output beat ${outputIndex} belongs to no frame that was given.`];
  const { frame, weights, thresholds } = found;
  const sums = convolveCodes(frame.activations, weights, parameters).subarray(pixel * outputChannels, (pixel + 1) * outputChannels);
  const count = thresholdCount(parameters);
  const first = `frame ${index}, row ${row}, column ${column}: input rows ${row * stride - padding}..${row * stride - padding + kernelHeight - 1}, columns ${column * stride - padding}..${column * stride - padding + kernelWidth - 1}`;
  const lines = Array.from(sums.subarray(0, shownChannels), (sum, channel) => {
    if (thresholds === undefined) return `channel ${channel}: sum ${sum}`;
    const bounds = Array.from(thresholds.values).slice(channel * count, (channel + 1) * count);
    const atMost = thresholds.directions[channel] === 1;
    return `channel ${channel}: sum ${sum}, ${atMost ? 'at most' : 'at least'} ${bounds.join(', ')}: ${bounds.filter(bound => (atMost ? sum <= bound : sum >= bound)).length}`;
  });
  return [first, ...lines, ...(outputChannels > shownChannels ? [`and ${outputChannels - shownChannels} more channels`] : [])];
}

/** The convolution over bit-planes: frames of pixels on `in`, sets of weights on `weight` and of thresholds on `threshold`; `out` carries sums or codes of all channels. */
export const xnorConv: Unit = {
  name: 'xnor-conv',
  summary: 'convolution of a feature map kept as bit-planes, by logic and popcounts, with thresholds',
  golden, stimulus: xnorConvStimulus, coverage: manifest => new ConvolutionCoverage(xnorConvParameters(manifest)), explain, timing, complete,
};
