import {
  bits, bool, cat, clock, generator, input, literalBits, literalBool, output, p, u, type Bits, type Bool, type Int, type ModuleBuilder,
} from '../../hdl/index.js';
import { lowestOne } from '../arithmetic/lowest-one.js';
import { counter, type Counter } from '../arithmetic/counter.js';
import { bitsFor, indexType, joined, resized } from '../arithmetic/fields.js';

/**
 * Reads operands from a stream of words and gives what is to be written into memories: values one by one, and words of the bitmap when they are whole.
 * A *row* is what has channels: a tap of an output channel, or a pixel. The rows of an *outer* follow each other under one sequence of coarse words.
 */
export const operandLoader = generator({
  name: 'zero-skip-loader',
  doc: 'Takes bitmaps and values from a stream apart, or makes the bitmap of a dense one.',
  params: {
    format: p.choice(['dense', 'fine', 'coarse'], { default: 'coarse', doc: 'values alone, with a bitmap, or with a bitmap in two levels' }),
    channels: p.int({ default: 8, min: 1, max: 512, doc: 'channels of a row' }),
    rows: p.int({ default: 9, min: 1, max: 4096, doc: 'rows of an outer' }),
    outers: p.int({ default: 8, min: 1, max: 512, doc: 'outers of a load' }),
    group: p.int({ default: 8, min: 2, max: 64, doc: 'channels under one coarse bit' }),
    valueBits: p.int({ default: 8, min: 2, max: 16, doc: 'bits of a value' }),
    rowsInWord: p.int({ default: 1, min: 1, max: 256, doc: 'rows whose bits share a word of the bitmap' }),
    wordsOfRow: p.int({ default: 1, min: 1, max: 64, doc: 'words of a row, where it has more than one' }),
    wordBits: p.int({ default: 8, min: 1, max: 256, doc: 'bits of a word of the bitmap' }),
    writesZeros: p.bool({ default: false, doc: 'values that are absent are written as zeros' }),
  },
  ports: P => ({
    clk: clock(),
    rst: input(bool, 'reset, synchronous, active high'),
    enable: input(bool, 'there is room for a load'),
    data_valid: input(bool, 'a word is offered'),
    data_ready: output(bool, 'a word is accepted'),
    data: input(bits(P.format === 'dense' ? P.valueBits : Math.max(P.group, P.valueBits)), 'a word'),
    row: output(indexType(P.rows), 'row of what is written'),
    outer: output(indexType(P.outers), 'outer of what is written'),
    value_write: output(bool, 'a value is written'),
    value_channel: output(indexType(P.channels), 'its channel'),
    value: output(bits(P.valueBits), 'it'),
    word_write: output(bool, 'a word of the bitmap is whole'),
    word_index: output(indexType(P.wordsOfRow), 'its number in the row'),
    word: output(bits(P.wordBits), 'it'),
    ones: output(u(7), 'ones of the group whose bits are known in this clock'),
    outer_done: output(bool, 'the outer is whole after this clock'),
    done: output(bool, 'the load is whole after this clock'),
  }),
  build(m, io, P) {
    const sync = m.domain(io.clk, { reset: io.rst });
    const groupBits = Math.min(P.group, 2 ** bitsFor(P.channels));
    const place: Place = {
      groupBits,
      group: counter(sync, 'group', Math.ceil(P.channels / P.group), 'up', { reset: 0 }),
      row: counter(sync, 'row_number', P.rows, 'up', { reset: 0 }),
      outer: counter(sync, 'outer_number', P.outers, 'up', { reset: 0 }),
      present: presentBits(P, groupBits),
    };
    const step = (P.format === 'dense' ? denseStep : wordStep)(m, io, P, place, sync);
    const outerDone = m.named('outer_end', step.groupDone.and(place.group.last).and(place.row.last));
    m.when(step.groupDone, () => {
      place.group.step();
      m.when(place.group.last, () => {
        place.row.step();
        m.when(place.row.last, () => place.outer.step());
      });
    });
    io.row.drive(place.row.q);
    io.outer.drive(place.outer.q);
    io.outer_done.drive(outerDone);
    io.done.drive(outerDone.and(place.outer.last));
    io.ones.drive(step.bitsKnown.mux(step.bits, literalBits(0, groupBits)).popcount());
    const word = assembled(m, sync, P, place, step);
    io.word_write.drive(word.whole);
    io.word_index.drive(word.index);
    io.word.drive(word.bits);
  },
});

type LoaderParameters = Parameters<typeof operandLoader.spec.build>[2];
type LoaderIo = Parameters<typeof operandLoader.spec.build>[1];
type Domain = ReturnType<ModuleBuilder['domain']>;

/** Where the loader is. */
interface Place {
  readonly groupBits: number;
  readonly group: Counter;
  readonly row: Counter;
  readonly outer: Counter;
  /** Bits of the group that are channels. */
  readonly present: (group: Counter) => Bits;
}

/** What happens in a clock. */
interface Step {
  /** The group's bits are known in this clock, once for each group. */
  readonly bitsKnown: Bool;
  readonly bits: Bits;
  /** Nothing of the group is left after this clock. */
  readonly groupDone: Bool;
}

function presentBits(P: LoaderParameters, groupBits: number): (group: Counter) => Bits {
  const ones = (count: number): Bits => literalBits((1n << BigInt(count)) - 1n, groupBits);
  const inLast = lastChannels(P);
  return group => inLast === groupBits ? ones(groupBits) : group.last.mux(ones(inLast), ones(groupBits));
}

/** Channels of the last group of a row. */
function lastChannels({ channels, group }: LoaderParameters): number {
  return channels - (Math.ceil(channels / group) - 1) * group;
}

/** A value in each beat; the bits of a group are known with its last one. */
function denseStep(m: ModuleBuilder, io: LoaderIo, P: LoaderParameters, { groupBits, group }: Place, sync: Domain): Step {
  const element = counter(sync, 'element', groupBits, 'up', { reset: 0 });
  const before = sync.reg('bits_before', bits(groupBits), { reset: literalBits(0, groupBits) });
  const takes = m.named('takes', io.enable.and(io.data_valid));
  const isLast = element.q.eq(group.last.mux(lastChannels(P) - 1, groupBits - 1));
  const here = element.count === 1 ? literalBits(1, 1) : oneHot(element.q, groupBits);
  const known = m.named('group_bits', before.q.or(io.data.reduceOr().mux(here, literalBits(0, groupBits))));
  m.when(takes, () => {
    m.when(isLast, () => {
      element.set(0);
      before.set(literalBits(0, groupBits));
    }).otherwise(() => {
      element.step();
      before.set(known);
    });
  });
  io.data_ready.drive(io.enable);
  io.value_write.drive(takes);
  io.value_channel.drive(channelOf(P, group, element.q, groupBits));
  io.value.drive(io.data);
  const groupDone = m.named('group_done', takes.and(isLast));
  return { bitsKnown: groupDone, bits: known, groupDone };
}

function oneHot(index: Int, width: number): Bits {
  return cat(...Array.from({ length: width }, (_, i) => index.eq(width - 1 - i)));
}

/** Bitmaps first: a coarse word where there are any, a fine word, then its values. */
function wordStep(m: ModuleBuilder, io: LoaderIo, P: LoaderParameters, { groupBits, group, row, present }: Place, sync: Domain): Step {
  const coarse = P.format === 'coarse' ? coarseWords(sync, io, P) : undefined;
  const atValues = sync.reg('at_values', bool, { reset: false });
  const fine = P.writesZeros ? sync.reg('fine', bits(groupBits)) : undefined;
  const walk = sync.reg('walk', bits(groupBits));
  const isThere = m.named('group_is_there', coarse === undefined ? literalBool(true) : coarse.word.q.bit(0));
  const known = m.named('group_bits', isThere.mux(resized(io.data, groupBits).and(present(group)), literalBits(0, groupBits)));
  const element = lowestOne(walk.q);
  m.unused(walk.q);
  const takesValue = m.named('takes_value', fine === undefined ? literalBool(true) : selectBit(fine.q, element.index));
  const atGroup = m.named('at_group', atValues.q.or(coarse?.isNext.q ?? false).not());
  const bitsKnown = m.named('bits_known', atGroup.and(io.enable).and(isThere.not().or(io.data_valid)));
  const writes = m.named('writes', atValues.q.and(takesValue.not().or(io.data_valid)));
  const left = m.named('group_walk', bitsKnown.mux(P.writesZeros ? present(group) : known, element.rest));
  const moves = m.named('moves', bitsKnown.or(writes));
  const groupDone = m.named('group_done', moves.and(left.reduceOr().not()));
  m.when(moves, () => {
    walk.set(left);
    atValues.set(left.reduceOr());
  });
  if (fine !== undefined) m.when(bitsKnown, () => fine.set(known));
  coarse?.advance(groupDone, group.last.and(row.last));
  io.data_ready.drive(io.enable.and(atValues.q.mux(takesValue, atGroup.not().or(isThere))));
  io.value_write.drive(writes);
  io.value_channel.drive(channelOf(P, group, element.index, groupBits));
  const value = resized(io.data, P.valueBits);
  io.value.drive(fine === undefined ? value : takesValue.mux(value, literalBits(0, P.valueBits)));
  return { bitsKnown, bits: known, groupDone };

  /** The coarse word, the bit of the group that is next at its low end. */
  function coarseWords(domain: Domain, { enable, data, data_valid }: LoaderIo, { group: size }: LoaderParameters) {
    const isNext = domain.reg('coarse_is_next', bool, { reset: true });
    const word = domain.reg('coarse', bits(size));
    const bit = counter(domain, 'coarse_bit', size, 'up', { reset: 0 });
    return {
      word, isNext,
      advance: (done: Bool, outerEnds: Bool): void => {
        m.when(isNext.q.and(enable).and(data_valid), () => {
          word.set(resized(data, size));
          bit.set(0);
          isNext.set(false);
        }).elseWhen(done, () => {
          word.set(cat(literalBits(0, 1), word.q.slice(1, size - 1)));
          bit.step();
          isNext.set(bit.last.or(outerEnds));
        });
      },
    };
  }
}

function selectBit(pattern: Bits, index: Int): Bool {
  return oneHot(index, pattern.width).and(pattern).reduceOr();
}

function channelOf(P: LoaderParameters, group: Counter, element: Int, groupBits: number): Int {
  return resizedIndex(joined({ value: group.q, count: group.count }, { value: element, count: groupBits }), P.channels);
}

function resizedIndex(value: Int, count: number): Int {
  return value.wrap(indexType(count).width);
}

/** Puts the bits of groups together to words. */
function assembled(m: ModuleBuilder, sync: Domain, P: LoaderParameters, { groupBits, group, row }: Place, { bitsKnown, bits: known }: Step) {
  const places = P.wordBits / groupBits;
  const inRow = P.wordsOfRow === 1 ? 2 ** bitsFor(group.count) : places;
  const rowInWord = P.rowsInWord === 1 ? undefined : counter(sync, 'row_in_word', P.rowsInWord, 'up', { reset: 0 });
  const groupInWord = P.wordsOfRow === 1 || inRow === 1 ? group.q : group.q.wrap(bitsFor(inRow));
  const fields = [{ value: rowInWord?.q, count: P.rowsInWord }, { value: inRow === 1 ? undefined : groupInWord, count: inRow }];
  const place = joined(...fields);
  const wordEnds = P.wordsOfRow === 1 ? group.last.and(rowInWord === undefined ? true : rowInWord.last.or(row.last))
    : group.last.or(inRow === 1 ? true : groupInWord.eq(inRow - 1));
  const whole = m.named('word_is_whole', bitsKnown.and(wordEnds));
  const parts = Array.from({ length: places }, (_, i) => {
    if (places === 1) return known;
    const part = sync.reg(`part_${i}`, bits(groupBits), { reset: literalBits(0, groupBits) });
    const isHere = m.named(`is_part_${i}`, place.eq(i));
    m.when(whole, () => part.set(literalBits(0, groupBits))).elseWhen(bitsKnown.and(isHere), () => part.set(known));
    return isHere.mux(known, part.q);
  });
  if (rowInWord !== undefined) {
    m.when(bitsKnown.and(group.last), () => {
      m.when(row.last, () => rowInWord.set(0)).otherwise(() => rowInWord.step());
    });
  }
  const index = P.wordsOfRow === 1 ? joined() : group.q.shr(bitsFor(inRow));
  return { whole, bits: cat(...parts.toReversed()), index: resizedIndex(index, P.wordsOfRow) };
}
