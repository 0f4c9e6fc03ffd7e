import {
  bits, bool, cat, clock, generator, input, literalBits, literalBool, output, p, s, u, type Bool, type Domain, type Int, type IntType, type ModuleBuilder,
} from '../../hdl/index.js';
import { counter } from '../arithmetic/counter.js';
import { bitsFor, joined, wordsOf } from '../arithmetic/fields.js';
import { weightParameters } from '../zero-skip-conv/core-parameters.js';
import { compressedWords, pruneShape, type PrunedRun } from './compressed-words.js';

/**
 * Prunes weights as they go by, finely and by runs, and gives them in the words that `zero-skip-conv` takes: docs/zero-skip-conv.md. Each weight is read once.
 *
 * `in_weight`: weights, output channel by output channel, tap by tap, channel by channel; `threshold_*`: for each input channel; `out_data`: bitmaps and
 * weights; `report_*`: what was done to a set of weights.
 */
export const pruneUnit = generator({
  name: 'prune-unit',
  doc: 'Prunes weights that go by, one by one and by runs, and compresses them for the zero-skip convolution.',
  params: {
    ...weightParameters,
    fine: p.bool({ default: true, doc: 'small weights become 0' }),
    magnitude: p.bool({ default: true, doc: 'runs of small weights become 0' }),
    similarity: p.bool({ default: false, doc: 'runs like those of the output channel before become 0, in every second one' }),
  },
  check: P => [
    ...(Number.isInteger(Math.log2(P.group)) ? [] : [{ parameter: 'group' as const, message: `'group' is ${P.group}, not a power of two` }]),
    ...(P.similarity && P.outputChannels === 1 ? [{ parameter: 'similarity' as const, message: 'one output channel is like no other', hint: 'use --no-similarity, or more output channels' }] : []),
  ],
  ports: P => {
    const { runSum, runDifference } = sumTypes(P);
    const isOn = P.fine || P.magnitude || P.similarity;
    return {
      clk: clock(),
      rst: input(bool, 'reset, synchronous, active high'),
      threshold_valid: isOn ? input(bool, 'thresholds are offered') : undefined,
      threshold_ready: isOn ? output(bool, 'thresholds are accepted') : undefined,
      threshold_fine: P.fine ? input(u(P.weightBits), 'magnitudes below it become 0') : undefined,
      threshold_magnitude: P.magnitude ? input(runSum, 'runs with a smaller sum of magnitudes become 0') : undefined,
      threshold_similarity: P.similarity ? input(runDifference, 'runs with a smaller sum of differences become 0') : undefined,
      in_valid: input(bool, 'a weight is offered'),
      in_ready: output(bool, 'a weight is accepted'),
      in_weight: input(s(P.weightBits), 'a weight'),
      out_valid: output(bool, 'a word is offered'),
      out_ready: input(bool, 'a word is accepted'),
      out_data: output(bits(Math.max(P.group, P.weightBits)), 'a coarse bitmap, a fine bitmap or a weight'),
      out_last: output(bool, 'the last word of a set of weights'),
      report_valid: output(bool, 'a report is offered'),
      report_ready: input(bool, 'a report is accepted'),
      report_reads: output(u(32), 'weights that were read'),
      report_fine: output(u(32), 'weights that fine pruning made 0'),
      report_runs: output(u(32), 'runs that coarse pruning made 0'),
      report_kept: output(u(32), 'weights that are left'),
    };
  },
  build(m, io, P) {
    const sync = m.domain(io.clk, { reset: io.rst });
    const accepts = m.wire('accepts', bool);
    const place = placeOf(m, sync, P, accepts.q);
    const thresholds = thresholdMemory(m, sync, io, P, place, accepts.q);
    const fine = finePruned(m, sync, io, P, place, accepts.q, thresholds);
    const run = runsPruned(m, sync, P, fine);
    const words = compressedWords(m, sync, P, run, io.out_ready);
    const pending = reports(m, sync, io, run);
    const draining = sync.reg('channel_drains', bool, { reset: false });
    m.when(accepts.q.and(place.endsChannel), () => draining.set(true)).elseWhen(run.valid.and(run.endsChannel), () => draining.set(false));
    const ready = m.named('can_accept', draining.q.or(words.isFull).or(thresholds.missing).or(pending.and(place.endsSet)).not());
    io.in_ready.drive(ready);
    accepts.drive(ready.and(io.in_valid));
    words.fill(accepts.q.and(place.endsSpan));
    io.out_valid.drive(words.valid);
    io.out_data.drive(words.data);
    io.out_last.drive(words.last);
    const isOn = P.fine || P.magnitude || P.similarity;
    m.promise({
      flow: 'stream', interval: 1,
      streams: [
        ...(isOn ? [{
          name: 'threshold', direction: 'input' as const, valid: 'threshold_valid', ready: 'threshold_ready',
          payload: (['fine', 'magnitude', 'similarity'] as const).filter(step => P[step]).map(step => `threshold_${step}`),
        }] : []),
        { name: 'in', direction: 'input', valid: 'in_valid', ready: 'in_ready', payload: ['in_weight'] },
        { name: 'out', direction: 'output', valid: 'out_valid', ready: 'out_ready', last: 'out_last', payload: ['out_data', 'out_last'] },
        { name: 'report', direction: 'output', valid: 'report_valid', ready: 'report_ready', payload: ['report_reads', 'report_fine', 'report_runs', 'report_kept'] },
      ],
    });
  },
});

type PruneIo = Parameters<typeof pruneUnit.spec.build>[1];
type PruneParameters = Parameters<typeof pruneUnit.spec.build>[2];

/** Sums of magnitudes and of differences over a run. */
function sumTypes({ weightBits, group }: Pick<PruneParameters, 'weightBits' | 'group'>): { readonly runSum: IntType; readonly runDifference: IntType } {
  return { runSum: u(weightBits + bitsFor(group)), runDifference: u(weightBits + 1 + bitsFor(group)) };
}

/** Where a weight stands, and what ends with it. */
interface Place {
  readonly element: Int;
  readonly group: Int;
  readonly tap: Int;
  readonly channel: Int;
  /** Place of the group under its coarse word. */
  readonly inSpan: Int;
  readonly isOdd: Bool;
  readonly startsRun: Bool;
  readonly endsRun: Bool;
  readonly endsSpan: Bool;
  readonly endsChannel: Bool;
  readonly endsSet: Bool;
}

/** Counts the weights that are accepted. */
function placeOf(m: ModuleBuilder, sync: Domain, P: PruneParameters, accepts: Bool): Place {
  const { taps, groups, groupBits, spanGroups } = pruneShape(P);
  const element = counter(sync, 'element', groupBits, 'up', { reset: 0 });
  const group = counter(sync, 'group', groups, 'up', { reset: 0 });
  const tap = counter(sync, 'tap', taps, 'up', { reset: 0 });
  const channel = counter(sync, 'output_channel', P.outputChannels, 'up', { reset: 0 });
  const inSpan = counter(sync, 'group_in_span', spanGroups, 'up', { reset: 0 });
  const inLast = P.inputChannels - (groups - 1) * P.group;
  const endsRun = m.named('ends_run', element.q.eq(group.last.mux(inLast - 1, groupBits - 1)));
  const endsChannel = m.named('ends_channel', endsRun.and(group.last).and(tap.last));
  m.when(accepts, () => {
    m.when(endsRun, () => {
      element.set(0);
      group.step();
      m.when(endsChannel, () => inSpan.set(0)).otherwise(() => inSpan.step());
      m.when(group.last, () => tap.step());
      m.when(endsChannel, () => channel.step());
    }).otherwise(() => element.step());
  });
  return {
    element: element.q, group: group.q, tap: tap.q, inSpan: inSpan.q, endsRun, endsChannel,
    isOdd: channel.count === 1 ? literalBool(false) : channel.q.bits().bit(0),
    channel: joined({ value: group.q, count: groups }, { value: element.q, count: groupBits }),
    startsRun: element.q.eq(0), endsSpan: endsRun.and(inSpan.last).or(endsChannel), endsSet: endsChannel.and(channel.last),
  };
}

/** Thresholds of each input channel, read as its weight is accepted. */
function thresholdMemory(m: ModuleBuilder, sync: Domain, io: PruneIo, P: PruneParameters, place: Place, accepts: Bool) {
  if (io.threshold_valid === undefined || io.threshold_ready === undefined) return { missing: literalBool(false), fine: undefined, magnitude: undefined, similarity: undefined };
  const loaded = sync.reg('thresholds_loaded', bool, { reset: false });
  const channel = counter(sync, 'threshold_channel', P.inputChannels, 'up', { reset: 0 });
  const takes = m.named('takes_thresholds', io.threshold_valid.and(loaded.q.not()));
  io.threshold_ready.drive(loaded.q.not());
  m.when(takes, () => {
    channel.step();
    m.when(channel.last, () => loaded.set(true));
  }).elseWhen(accepts.and(place.endsSet), () => loaded.set(false));
  const address = (of: Int): Int => joined({ value: of, count: P.inputChannels });
  const held = (name: string, value: Int | undefined): Int | undefined => {
    if (value === undefined) return undefined;
    const memory = storage(m, sync, `${name}_thresholds`, u(value.width), wordsOf(P.inputChannels));
    memory.write(address(channel.q), value, takes);
    return memory.readNext(`${name}_threshold`, address(place.channel));
  };
  return {
    missing: loaded.q.not(), fine: held('fine', io.threshold_fine), magnitude: held('magnitude', io.threshold_magnitude), similarity: held('similarity', io.threshold_similarity),
  };
}

/** A weight after fine pruning, one clock after it was accepted. */
interface FineWeight extends Omit<Place, 'channel'> {
  readonly valid: Bool;
  readonly weight: Int;
  readonly pruned: Bool;
  readonly magnitude: Int | undefined;
  readonly similarity: Int | undefined;
}

function finePruned(m: ModuleBuilder, sync: Domain, io: PruneIo, P: PruneParameters, place: Place, accepts: Bool, thresholds: ReturnType<typeof thresholdMemory>): FineWeight {
  const valid = sync.delay('weight_valid', accepts, { reset: false });
  const read = sync.delay('weight', io.in_weight);
  const isSmall = m.named('is_small', thresholds.fine === undefined ? literalBool(false) : read.abs().lt(thresholds.fine));
  const through = <V extends Int | Bool>(name: string, value: V): V => value.constant === undefined ? sync.delay(`weight_${name}`, value) : value;
  return {
    valid, weight: m.named('fine_weight', isSmall.mux(0, read)), pruned: isSmall.and(read.ne(0)), magnitude: thresholds.magnitude, similarity: thresholds.similarity,
    ...(P.similarity ? { group: through('group', place.group), tap: through('tap', place.tap), isOdd: through('is_odd', place.isOdd) } : place),
    element: through('element', place.element), inSpan: through('in_span', place.inSpan), startsRun: through('starts_run', place.startsRun), endsRun: through('ends_run', place.endsRun),
    endsSpan: through('ends_span', place.endsSpan), endsChannel: through('ends_channel', place.endsChannel), endsSet: through('ends_set', place.endsSet),
  };
}

/** Sums over runs, and what becomes of a run when its last weight comes. */
function runsPruned(m: ModuleBuilder, sync: Domain, P: PruneParameters, fine: FineWeight): PrunedRun & { readonly pruned: Bool; readonly runPruned: Bool; readonly endsSet: Bool; readonly kept: Int } {
  const { groupBits } = pruneShape(P);
  const { runSum, runDifference } = sumTypes(P);
  const { valid, weight, startsRun, endsRun } = fine;
  const isOne = startsRun.constant !== undefined;
  const total = (name: string, type: IntType, term: Int): Int => {
    if (isOne) return term;
    const before = sync.reg(`${name}_so_far`, type, { enable: valid });
    const now = m.named(name, startsRun.mux(0, before.q).add(term).wrap(type.width));
    before.drive(now);
    return now;
  };
  const first = (name: string, threshold: Int): Int => {
    if (isOne) return threshold;
    const held = sync.reg(`${name}_of_run`, u(threshold.width), { enable: valid.and(startsRun) });
    held.drive(threshold);
    return startsRun.mux(threshold, held.q);
  };
  const ones = m.wire('run_bits', bits(groupBits));
  const before = isOne ? undefined : sync.reg('run_bits_so_far', bits(groupBits), { enable: valid });
  const here = groupBits === 1 ? literalBits(1, 1) : cat(...Array.from({ length: groupBits }, (_, i) => fine.element.eq(groupBits - 1 - i)));
  const none = literalBits(0, groupBits);
  ones.drive((before === undefined ? none : startsRun.mux(none, before.q)).or(weight.ne(0).mux(here, none)));
  before?.drive(ones.q);
  const small = fine.magnitude === undefined ? literalBool(false) : total('magnitudes', runSum, weight.abs()).lt(first('magnitude', fine.magnitude));
  const partner = fine.similarity === undefined ? undefined : partnerOf(m, sync, P, fine);
  const alike = fine.similarity === undefined || partner === undefined ? literalBool(false)
    : fine.isOdd.and(total('differences', runDifference, partner.weight.sub(weight).abs()).lt(first('similarity', fine.similarity)));
  const zero = m.named('run_is_pruned', small.or(alike));
  partner?.keep(zero);
  const left = m.named('run_bits_left', zero.mux(none, ones.q));
  const has = ones.q.reduceOr();
  return {
    valid, weight, bits: left, element: fine.element, inSpan: fine.inSpan, endsRun, endsSpan: fine.endsSpan, endsSet: fine.endsSet, endsChannel: fine.endsChannel,
    pruned: fine.pruned, runPruned: endsRun.and(zero).and(has), kept: endsRun.mux(left.popcount(), 0),
  };
}

/** The weight of the output channel before at the same place, after all pruning. */
function partnerOf(m: ModuleBuilder, sync: Domain, P: PruneParameters, fine: FineWeight): { readonly weight: Int; readonly keep: (zero: Bool) => void } {
  const { taps, groups, groupBits } = pruneShape(P);
  const weights = storage(m, sync, 'even_weights', s(P.weightBits), wordsOf(taps, groups, groupBits));
  const runs = storage(m, sync, 'even_runs', u(1), wordsOf(taps, groups));
  const run = joined({ value: fine.tap, count: taps }, { value: fine.group, count: groups });
  const place = joined({ value: fine.tap, count: taps }, { value: fine.group, count: groups }, { value: fine.element, count: groupBits });
  weights.write(place, fine.weight, fine.valid.and(fine.isOdd.not()));
  return {
    weight: m.named('even_weight', runs.read(run).eq(1).mux(0, weights.read(place))),
    keep: zero => runs.write(run, zero.asU(), fine.valid.and(fine.endsRun).and(fine.isOdd.not())),
  };
}

/** Words at addresses; a single one is a register, because tools have something to say of memories of one word. */
interface Storage {
  readonly write: (address: Int, word: Int, enable: Bool) => void;
  readonly read: (address: Int) => Int;
  /** The word one clock later. */
  readonly readNext: (name: string, address: Int) => Int;
}

function storage(m: ModuleBuilder, sync: Domain, name: string, type: IntType, depth: number): Storage {
  if (depth === 1) {
    const only = sync.reg(name, type);
    return {
      write: (_address, word, enable) => { m.when(enable, () => only.set(word)); },
      read: () => only.q,
      readNext: read => sync.delay(read, only.q),
    };
  }
  const memory = m.mem(name, { type, depth });
  return {
    write: (address, word, enable) => sync.write(memory, address, word, { enable }),
    read: address => m.read(memory, address),
    readNext: (read, address) => sync.read(read, memory, address),
  };
}

/** Counts over a set, and gives them when it ends. Gives whether a report waits. */
function reports(m: ModuleBuilder, sync: Domain, io: PruneIo, run: ReturnType<typeof runsPruned>): Bool {
  const ends = m.named('set_ends', run.valid.and(run.endsSet));
  const waits = sync.reg('report_waits', bool, { reset: false });
  m.when(ends, () => waits.set(true)).elseWhen(io.report_ready, () => waits.set(false));
  const count = (name: string, by: Int): Int => {
    const counted = sync.reg(`${name}_counted`, u(32), { reset: 0 });
    const reported = sync.reg(`${name}_reported`, u(32));
    const now = m.named(`${name}_now`, counted.q.add(run.valid.mux(by, 0)).wrap(32));
    counted.drive(ends.mux(0, now));
    m.when(ends, () => reported.set(now));
    return reported.q;
  };
  io.report_valid.drive(waits.q);
  io.report_reads.drive(count('reads', run.valid.asU()));
  io.report_fine.drive(count('fine', run.pruned.asU()));
  io.report_runs.drive(count('runs', run.runPruned.asU()));
  io.report_kept.drive(count('kept', run.kept));
  return waits.q;
}
