import { bits, bool, cat, literalBits, s, u, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, joined, patternTable, resized, wordsOf } from '../arithmetic/fields.js';
import { lowestOne } from '../arithmetic/lowest-one.js';

/** What the sizes of the weights are. */
export interface PruneSizes {
  readonly inputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly group: number;
  readonly weightBits: number;
}

/** Groups of a tap, bits of a group, and the groups under a coarse word. */
export function pruneShape({ inputChannels, kernelHeight, kernelWidth, group }: PruneSizes) {
  const [taps, groups] = [kernelHeight * kernelWidth, Math.ceil(inputChannels / group)];
  return { taps, groups, groupBits: Math.min(group, 2 ** bitsFor(inputChannels)), spanGroups: Math.min(group, taps * groups) };
}

/** A weight with what is known of its run; `bits` are whole with the run's last weight. */
export interface PrunedRun {
  readonly valid: Bool;
  readonly weight: Int;
  readonly bits: Bits;
  readonly element: Int;
  readonly inSpan: Int;
  readonly endsRun: Bool;
  readonly endsSpan: Bool;
  readonly endsChannel: Bool;
  readonly endsSet: Bool;
}

/** The output of words. */
export interface CompressedWords {
  /** Both spans are in use. */
  readonly isFull: Bool;
  readonly valid: Bool;
  readonly data: Bits;
  readonly last: Bool;
  /** Says when the last weight of a span is accepted. */
  readonly fill: (ends: Bool) => void;
}

/** Keeps the groups of two coarse words, one coming and one going out as coarse word, fine words and weights. */
export function compressedWords(m: ModuleBuilder, sync: Domain, P: PruneSizes, run: PrunedRun, ready: Bool): CompressedWords {
  const { groupBits, spanGroups } = pruneShape(P);
  const width = Math.max(P.group, P.weightBits);
  const [accepted, stored, given] = ['accepted', 'stored', 'given'].map(name => sync.reg(`spans_${name}`, u(2), { reset: 0 }));
  if (accepted === undefined || stored === undefined || given === undefined) throw new TypeError('three counters of spans');
  const counts = (counted: typeof stored, when: Bool): void => { m.when(when, () => counted.set(counted.q.add(1).wrap(2))); };
  const storing = stored.q.bits().bit(0).asU();
  const giving = given.q.bits().bit(0).asU();

  const values = m.mem('span_weights', { type: s(P.weightBits), depth: wordsOf(2, spanGroups, groupBits) });
  const fines = m.mem('span_bits', { type: bits(groupBits), depth: wordsOf(2, spanGroups) });
  sync.write(values, joined({ value: storing, count: 2 }, { value: run.inSpan, count: spanGroups }, { value: run.element, count: groupBits }), run.weight, { enable: run.valid });
  const endsRun = m.named('stores_run', run.valid.and(run.endsRun));
  sync.write(fines, joined({ value: storing, count: 2 }, { value: run.inSpan, count: spanGroups }), run.bits, { enable: endsRun });
  const spanEnds = m.named('stores_span', run.valid.and(run.endsSpan));
  counts(stored, spanEnds);
  const none = literalBits(0, spanGroups);
  const here = spanGroups === 1 ? literalBits(1, 1) : cat(...Array.from({ length: spanGroups }, (_, i) => run.inSpan.eq(spanGroups - 1 - i)));
  const gathered = sync.reg('coarse_so_far', bits(spanGroups), { reset: none });
  const coarse = m.named('coarse', gathered.q.or(run.bits.reduceOr().mux(here, none)));
  m.when(spanEnds, () => gathered.set(none)).elseWhen(endsRun, () => gathered.set(coarse));
  const kept = [0, 1].map(bank => {
    const word = sync.reg(`coarse_${bank}`, bits(spanGroups + 1));
    m.when(spanEnds.and(storing.eq(bank)), () => word.set(cat(run.endsSet, coarse)));
    return word.q;
  });
  const span = m.named('span', patternTable(giving, 2, bank => kept[bank] ?? cat(literalBits(0, 1), none)));
  const isLastSpan = span.bit(spanGroups);

  const valid = sync.reg('out_valid_q', bool, { reset: false });
  const advance = m.named('advance', valid.q.not().or(ready));
  const left = sync.reg('groups_left', bits(spanGroups));
  const fineLeft = sync.reg('bits_left', bits(groupBits));
  const atFine = sync.reg('group_of_bits', u(Math.max(1, bitsFor(spanGroups))));
  const state = { word: m.wire('gives_word', bool), value: m.wire('gives_value', bool), end: m.wire('span_is_given', bool), last: m.wire('gives_last', bool) };
  for (const wire of Object.values(state)) wire.set(false);
  const group = lowestOne(left.q);
  const element = lowestOne(fineLeft.q);
  m.unused(left.q, fineLeft.q);
  const fineWord = sync.read('fine_word', fines, joined({ value: giving, count: 2 }, { value: group.index, count: spanGroups }), { enable: advance });
  const word = m.wire('word', bits(width));
  word.set(resized(span.slice(0, spanGroups), width));
  const machine = sync.fsm('give', ['COARSE', 'GROUP', 'FINE', 'VALUES'], {
    COARSE: go => m.when(advance.and(stored.q.ne(given.q)), () => {
      state.word.set(true);
      left.set(span.slice(0, spanGroups));
      m.when(span.slice(0, spanGroups).reduceOr(), () => go('GROUP')).otherwise(() => {
        state.end.set(true);
        state.last.set(isLastSpan);
      });
    }),
    GROUP: go => m.when(advance, () => {
      left.set(group.rest);
      atFine.set(group.index.wrap(atFine.q.width));
      go('FINE');
    }),
    FINE: go => {
      word.set(resized(fineWord, width));
      m.when(advance, () => {
        state.word.set(true);
        fineLeft.set(fineWord);
        go('VALUES');
      });
    },
    VALUES: go => m.when(advance, () => {
      state.value.set(true);
      fineLeft.set(element.rest);
      m.when(element.rest.reduceOr().not(), () => {
        m.when(left.q.reduceOr(), () => go('GROUP')).otherwise(() => {
          state.end.set(true);
          state.last.set(isLastSpan);
          go('COARSE');
        });
      });
    }),
  });
  m.unused(machine.q, atFine.q);
  counts(given, state.end.q);

  const requestValid = sync.reg('word_valid', bool, { reset: false });
  const [isValue, requestLast, last] = [sync.reg('word_is_weight', bool), sync.reg('word_last', bool), sync.reg('out_last_q', bool)];
  const [requestWord, data] = [sync.reg('word_q', bits(width)), sync.reg('out_data_q', bits(width))];
  const value = sync.read('out_weight', values, joined({ value: giving, count: 2 }, { value: atFine.q, count: spanGroups }, { value: element.index, count: groupBits }), { enable: advance });
  m.when(advance, () => {
    requestValid.set(state.word.q.or(state.value.q));
    isValue.set(state.value.q);
    requestLast.set(state.last.q);
    requestWord.set(word.q);
    valid.set(requestValid.q);
    last.set(requestLast.q);
    data.set(isValue.q.mux(signExtended(value, width), requestWord.q));
  });
  return {
    isFull: accepted.q.sub(given.q).wrap(2).asU().eq(2), valid: valid.q, data: data.q, last: last.q,
    fill: ends => counts(accepted, ends),
  };
}

function signExtended(value: Int, width: number): Bits {
  const sign = value.bits().bit(value.width - 1);
  return cat(...Array.from({ length: width - value.width }, () => sign), value.bits());
}

