import { bits, bool, cat, int, literalBits, literalBool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter } from '../arithmetic/counter.js';
import { indexType, patternTable, resized } from '../arithmetic/fields.js';
import { shapeOf, type CoreParameters } from './shape.js';

/** What comes of the weights that are loaded. */
export interface LoadEvents {
  /** The output channel is whole after this clock, and the set of weights is. */
  readonly channelDone: Bool;
  readonly setDone: Bool;
  /** Weight bits of the group that is known in this clock. */
  readonly ones: Int;
  /** Number of the set that is loaded and of the set that is computed, modulo 4. */
  readonly setLoading: Bits;
  readonly setComputing: Bits;
}

/** Which lane an output channel goes to. */
export interface Dealing {
  readonly slot: Int;
  /** Place of the output channel in its round. */
  readonly place: Int;
  /** For each lane, whether the channel that is loaded goes to it. */
  readonly goesTo: readonly Bool[];
  /** For each lane, whether it has a channel of the last round of the set that is computed. */
  readonly hasLast: readonly Bool[];
  /** The end of a round: the lane of each place of it. */
  readonly roundDone: Bool;
  readonly lanesOfRound: Bits | undefined;
}

/** Deals output channels to lanes as they come: in turn, or each to the lane with the fewest weights that has none of this round yet. */
export function dealing(m: ModuleBuilder, sync: Domain, P: CoreParameters, events: LoadEvents): Dealing {
  const shape = shapeOf(P);
  const place = counter(sync, 'load_place', P.lanes, 'up', { reset: 0 });
  const slot = counter(sync, 'load_slot', shape.slots, 'up', { reset: 0 });
  m.when(events.setDone, () => {
    place.set(0);
    slot.set(0);
  }).elseWhen(events.channelDone, () => {
    place.step();
    m.when(place.last, () => slot.step());
  });
  const roundDone = m.named('round_done', events.channelDone.and(place.last.or(events.setDone)));
  const lanes = Array.from({ length: P.lanes }, (_, i) => i);
  if (!shape.permutes) {
    const inLast = (lane: number): boolean => (shape.slots - 1) * P.lanes + lane < P.outputChannels;
    return {
      slot: slot.q, place: place.q, goesTo: lanes.map(lane => place.q.eq(lane)), hasLast: lanes.map(lane => literalBool(inLast(lane))), roundDone, lanesOfRound: undefined,
    };
  }
  const chosen = lightest(m, sync, P, events, roundDone);
  const goesTo = lanes.map(lane => chosen.eq(lane));
  const laneOf = lanes.map(at => {
    const before = sync.reg(`lane_of_place_${at}`, indexType(P.lanes));
    const isHere = place.q.eq(at);
    m.when(events.channelDone.and(isHere), () => before.set(chosen));
    return isHere.mux(chosen, before.q);
  });
  return {
    slot: slot.q, place: place.q, goesTo, hasLast: lastRound(sync, P, events, goesTo, m), roundDone,
    lanesOfRound: cat(...laneOf.toReversed().map(lane => resized(lane.bits(), indexType(P.lanes).width))),
  };
}

/** The lane for the next channel. It is chosen while the channel's coarse word comes. */
function lightest(m: ModuleBuilder, sync: Domain, P: CoreParameters, { channelDone, setDone, ones }: LoadEvents, roundDone: Bool): Int {
  const { slots, taps } = shapeOf(P);
  const type = indexType(slots * taps * P.inputChannels + 1);
  const before = sync.reg('channel_ones', type, { reset: 0 });
  const total = m.named('channel_weights', before.q.add(ones).wrap(type.width));
  before.drive(channelDone.mux(0, total));
  const chosen = sync.reg('load_lane', indexType(P.lanes), { reset: 0 });
  let best: { readonly taken: Bool; readonly load: Int; readonly lane: Int } | undefined;
  for (let lane = 0; lane < P.lanes; lane++) {
    const taken = sync.reg(`lane_${lane}_is_taken`, bool, { reset: false });
    const load = sync.reg(`lane_${lane}_load`, type, { reset: 0 });
    m.when(setDone, () => load.set(0)).elseWhen(channelDone.and(chosen.q.eq(lane)), () => load.set(load.q.add(total).wrap(type.width)));
    m.when(roundDone, () => taken.set(false)).elseWhen(channelDone.and(chosen.q.eq(lane)), () => taken.set(true));
    const here = { taken: taken.q, load: load.q, lane: int(lane) };
    if (best === undefined) best = here;
    else {
      const isBetter = m.named(`lane_${lane}_is_lighter`, taken.q.not().and(best.taken.or(load.q.lt(best.load))));
      best = { taken: best.taken.and(taken.q), load: isBetter.mux(load.q, best.load), lane: isBetter.mux(lane, best.lane) };
    }
  }
  chosen.drive(best?.lane ?? 0);
  return chosen.q;
}

/** The lanes that have a channel of the last round, where not all of them have. */
function lastRound(sync: Domain, P: CoreParameters, { channelDone, setDone, setLoading, setComputing }: LoadEvents, goesTo: readonly Bool[], m: ModuleBuilder): readonly Bool[] {
  if (P.outputChannels % P.lanes === 0) return goesTo.map(() => literalBool(true));
  const first = P.outputChannels % P.lanes;
  const place = counter(sync, 'channel_of_set', P.outputChannels, 'up', { reset: 0 });
  m.when(channelDone, () => place.step());
  const isLast = place.q.ge(P.outputChannels - first);
  const nothing = literalBits(0, P.lanes);
  const gathered = sync.reg('last_round_so_far', bits(P.lanes), { reset: nothing });
  const now = gathered.q.or(isLast.mux(cat(...goesTo.toReversed()), nothing));
  m.when(setDone, () => gathered.set(nothing)).elseWhen(channelDone, () => gathered.set(now));
  const banks = [0, 1].map(bank => {
    const held = sync.reg(`last_round_${bank}`, bits(P.lanes));
    m.when(setDone.and(setLoading.bit(0).eq(bank === 1)), () => held.set(now));
    return held.q;
  });
  const computed = patternTable(setComputing.bit(0).asU(), 2, bank => banks[bank] ?? nothing);
  return goesTo.map((_, lane) => computed.bit(lane));
}
