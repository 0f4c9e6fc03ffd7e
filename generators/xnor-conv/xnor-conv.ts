import {
  bits, bool, cat, clock, generator, input, narrowTo, output, p, range, vec, type Domain,
} from '../../hdl/index.js';
import { planeParameters } from '../arithmetic/bit-planes.js';
import { targetParameters } from '../arithmetic/strategy.js';
import { Pipeline } from '../arithmetic/stream.js';
import { channelArithmetic, codeBits, sumType, thresholdCount, thresholdType, windowChunk, type At } from './channels.js';
import { counter } from './counting.js';
import { parameterSet } from './parameter-set.js';
import { rowMemories } from './row-memories.js';
import { shapeContradictions, shapeOf } from './shape.js';
import { columnQueue, windowSteps } from './window.js';

/**
 * Convolution over bit-planes: row memories make the window, weights stay in a memory, `simd` elements of `pe` output channels are multiplied in a
 * clock. Ports, formats of the streams and the clock of every output pixel: `docs/xnor-conv.md`. Folding as in FINN (Umuroglu et al., FPGA 2017).
 */
export const xnorConv = generator({
  name: 'xnor-conv',
  doc: 'Convolution of a feature map over bit-planes, by counting ones.',
  params: {
    height: p.int({ default: 14, min: 1, max: 256, doc: 'rows of the map' }),
    width: p.int({ default: 14, min: 1, max: 256, doc: 'columns of the map' }),
    inputChannels: p.int({ default: 8, min: 1, max: 512, doc: 'channels of a pixel that comes in' }),
    outputChannels: p.int({ default: 8, min: 1, max: 512, doc: 'channels of a pixel that goes out' }),
    kernelHeight: p.int({ default: 3, min: 1, max: 11, doc: 'rows of the kernel' }),
    kernelWidth: p.int({ default: 3, min: 1, max: 11, doc: 'columns of the kernel' }),
    stride: p.int({ default: 1, min: 1, max: 4, doc: 'pixels between windows, in both directions' }),
    padding: p.int({ default: 1, min: 0, max: 5, doc: 'pixels around the map, on all sides' }),
    pad: p.choice(['mask', 'minus-one', 'plus-one'], { default: 'mask', doc: 'pixels around the map are absent, or have planes of zeros, or of ones' }),
    simd: p.int({ default: 24, min: 1, max: 4096, doc: 'elements of a window that are multiplied in a clock' }),
    pe: p.int({ default: 4, min: 1, max: 512, doc: 'output channels that are computed in a clock' }),
    ...planeParameters,
    output: p.choice(['integer', 'sign', 'levels'], { default: 'integer', doc: 'sums, one bit by a threshold, or a code of levelBits by thresholds' }),
    levelBits: p.int({ default: 2, min: 1, max: 4, doc: 'bits of a code, with 2^levelBits - 1 thresholds; only for levels' }),
    pipeline: p.choiceOrInt(['output', 'full'], {
      default: 'full', min: 1, max: 64, doc: 'registers of the arithmetic: at its ends, after each natural stage, or so many levels at most between registers (a LUT is one, as are 8 bits of a carry chain)',
    }),
    ...targetParameters,
  },
  check: P => shapeContradictions(P),
  ports: P => {
    const shape = shapeOf(P);
    const isInteger = P.output === 'integer';
    const thresholds = P.pe * thresholdCount(P);
    return {
      clk: clock(),
      rst: input(bool, 'reset, synchronous, active high'),
      in_valid: input(bool, 'a pixel is offered'),
      in_ready: output(bool, 'a pixel is accepted'),
      in_activation: input(vec(P.activationPlanes, bits(P.inputChannels)), 'planes of a pixel, plane 0 in the low bits'),
      in_reload: input(bool, 'with the first pixel of a frame: the frame takes new weights'),
      weight_valid: input(bool, 'a beat of weights is offered'),
      weight_ready: output(bool, 'a beat of weights is accepted'),
      weight_planes: input(vec(P.pe * P.weightPlanes, bits(P.simd)), 'weight planes of a chunk, output channel after output channel'),
      threshold_valid: isInteger ? undefined : input(bool, 'a beat of thresholds is offered'),
      threshold_ready: isInteger ? undefined : output(bool, 'a beat of thresholds is accepted'),
      threshold_value: isInteger ? undefined : input(vec(thresholds, thresholdType(P, shape)), 'thresholds, output channel after output channel'),
      threshold_direction: isInteger ? undefined : input(bits(P.pe), '0: the sum must be at least the threshold, 1: at most'),
      out_valid: output(bool, 'a pixel is offered'),
      out_ready: input(bool, 'a pixel is accepted'),
      out_sum: isInteger ? output(vec(P.outputChannels, sumType(P, shape)), 'sums of the output channels') : undefined,
      out_activation: isInteger ? undefined : output(vec(codeBits(P), bits(P.outputChannels)), 'planes of a pixel, plane 0 in the low bits'),
    };
  },
  build(m, io, P) {
    const shape = shapeOf(P);
    const sync = m.domain(io.clk, { reset: io.rst });

    // The arithmetic moves as one; a window is taken when the last clock of the one before is done.
    const moves = m.wire('moves', bool);
    const taking = m.wire('taking', bool);
    const busy = sync.reg('busy', bool, { reset: false });
    const works = m.named('works', busy.q.and(moves.q));
    const chunk = counter(m, sync, 'chunk', shape.chunks, works);
    const group = counter(m, sync, 'group', shape.groups, works.and(chunk.isLast));
    const isLastStep = m.named('is_last_step', chunk.isLast.and(group.isLast));
    busy.drive(taking.q.or(busy.q.and(works.and(isLastStep).not())));

    // Pixels become columns, and columns the window.
    const steps = windowSteps(m, sync, taking.q, P, shape);
    const taken = m.named('columns_taken', taking.q.mux(steps.needed, 0));
    const waiting = columnQueue(m, sync, P.inputChannels * P.activationPlanes, taken, [...new Set(shape.columnsTaken)], shape);
    const pixels = { valid: io.in_valid, word: io.in_activation.bits(), reload: io.in_reload };
    const columns = rowMemories(m, sync, pixels, waiting.hasRoom, P, shape);
    io.in_ready.drive(columns.ready);
    waiting.fill(columns);
    const window = steps.take(waiting.queue);

    // A frame that wants new weights waits until all before it is out, and then until they are there.
    const isFresh = sync.reg('is_fresh', bool, { reset: true });
    const isEmpty = m.wire('is_empty', bool);
    const isReady = m.named('window_is_ready', waiting.queue.count.ge(steps.needed));
    const isStale = m.named('is_stale', steps.isFirst.and(waiting.queue.reload).and(isFresh.q.not()));
    const isLoading = m.wire('is_loading', bool);
    const reload = m.named('reload', isReady.and(isStale).and(isEmpty.q).and(isLoading.q.not()));
    isFresh.drive(reload.or(isFresh.q.and(taking.q.and(steps.isFirst).not())));
    taking.drive(moves.q.and(busy.q.not().or(isLastStep)).and(isReady).and(isStale.not()).and(isLoading.q.not()));
    const weights = parameterSet(m, sync, 'weights', { valid: io.weight_valid, word: io.weight_planes.bits() }, shape.folding, reload);
    io.weight_ready.drive(weights.isLoading);
    const thresholds = io.threshold_valid === undefined || io.threshold_value === undefined || io.threshold_direction === undefined ? undefined
      : parameterSet(m, sync, 'thresholds', { valid: io.threshold_valid, word: cat(io.threshold_direction, io.threshold_value.bits()) }, shape.groups, reload);
    if (thresholds !== undefined) io.threshold_ready?.drive(thresholds.isLoading);
    isLoading.drive(thresholds === undefined ? weights.isLoading : weights.isLoading.or(thresholds.isLoading));

    // A clock's work is fetched, and goes through the arithmetic.
    const held = sync.gated(moves.q);
    const later = delays(held);
    const step = counter(m, sync, 'step', shape.folding, works);
    const word = weights.read(held, 'weight_word', step.q);
    const fetched = windowChunk(m, window, chunk.q, P, shape);
    const activation = fetched.planes.map((plane, i) => held.delay(`activation_${i}`, plane));
    const mask = fetched.mask === undefined ? undefined : held.delay('present', fetched.mask);
    // Planes with the distance 0 are not read.
    m.unused(word, ...activation);
    const channelWeights = Array.from({ length: P.pe }, (_, channel) => Array.from({ length: P.weightPlanes }, (__, plane) => word.slice((channel * P.weightPlanes + plane) * P.simd, P.simd)));
    const valid = held.delay('fetched', busy.q, { reset: false });
    const pipe = new Pipeline(m, { clk: io.clk, rst: io.rst, in_valid: valid, in_ready: moves, out_valid: io.out_valid, out_ready: io.out_ready }, { flow: 'stream', pipeline: P.pipeline });
    const channels = channelArithmetic(m, pipe, { chunk: { planes: activation, mask }, weights: channelWeights }, { chunk, group, later }, clocks => {
      if (thresholds === undefined) throw new TypeError('sums have no thresholds');
      return thresholds.read(held, 'threshold_word', later('threshold_group', group.q, clocks - 1));
    }, P, shape);
    io.out_sum?.drive(channels.sums);
    io.out_activation?.drive(Array.from({ length: codeBits(P) }, (_, plane) => cat(...channels.codes.map(code => code.bit(plane)).reverse())));

    // Pixels that are taken up and not yet out.
    const inside = sync.reg('pixels_inside', range(0, pipe.latency + 2), { reset: 0 });
    const leaves = m.named('pixel_leaves', channels.offered.and(io.out_ready));
    inside.drive(narrowTo(inside.q.add(taking.q.asU()).sub(leaves.asU()), range(0, pipe.latency + 2)));
    isEmpty.drive(inside.q.eq(0));

    const stream = (name: 'in' | 'weight' | 'threshold' | 'out', payload: readonly string[]) =>
      ({ name, direction: name === 'out' ? 'output' as const : 'input' as const, valid: `${name}_valid`, ready: `${name}_ready`, payload });
    m.promise({
      flow: 'stream', latency: shape.folding + pipe.latency + 4, interval: shape.folding,
      streams: [
        stream('in', ['in_activation', 'in_reload']), stream('weight', ['weight_planes']),
        ...(P.output === 'integer' ? [] : [stream('threshold', ['threshold_value', 'threshold_direction'])]),
        stream('out', [P.output === 'integer' ? 'out_sum' : 'out_activation']),
      ],
    });
  },
});

/** Delays by a number of clocks. */
function delays(held: Domain): At {
  return (name, value, clocks) => {
    let current = value;
    for (let clock = 1; clock <= clocks && value.constant === undefined; clock++) current = held.delay(`${name}_${clock}`, current);
    return current;
  };
}
