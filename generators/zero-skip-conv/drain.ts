import { bits, bool, literalBool, select, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import type { Banks } from './control.js';
import { counter } from '../arithmetic/counter.js';
import type { Dealing } from './dealing.js';
import { flagTable, indexType, joined, parted, patternTable, wordsOf } from '../arithmetic/fields.js';
import type { CoreParameters, Shape } from './shape.js';

/** What the output reads of the lanes: where, and what it reads. */
export interface ReadPort {
  readonly read: Bool;
  readonly slot: Int;
  readonly position: Int;
}

/** Walks through the sums of a tile: positions, and in each the rounds of output channels. */
export function outputWalk(m: ModuleBuilder, sync: Domain, shape: Shape, ready: Bool, sums: Pick<Banks, 'isEmpty'>) {
  const [slot, position] = [counter(sync, 'out_slot', shape.slots, 'up', { reset: 0 }), counter(sync, 'out_position', shape.positions, 'up', { reset: 0 })];
  const [readValid, valid] = [sync.reg('read_valid', bool, { reset: false }), sync.reg('out_valid', bool, { reset: false })];
  const [readLast, last] = [sync.reg('read_last', bool), sync.reg('out_last', bool)];
  const allRead = sync.reg('all_read', bool, { reset: false });
  const advance = m.named('advance', valid.q.not().or(ready));
  const reads = m.named('reads', sums.isEmpty.not().and(allRead.q.not()));
  const isLast = m.named('reads_last', slot.last.and(position.last));
  const ends = m.named('output_ends', valid.q.and(last.q).and(ready));
  m.when(advance, () => {
    readValid.set(reads);
    readLast.set(isLast);
    valid.set(readValid.q);
    last.set(readLast.q);
    m.when(reads, () => {
      slot.step();
      m.when(slot.last, () => position.step());
      m.when(isLast, () => allRead.set(true));
    });
  });
  m.when(ends, () => allRead.set(false));
  const port: ReadPort = { read: advance, slot: slot.q, position: position.q };
  return { port, valid: valid.q, last: last.q, ends };
}

/** The lanes of each round of output channels, where they are permuted. */
export function roundTable(m: ModuleBuilder, sync: Domain, P: CoreParameters, shape: Shape, deal: Dealing, setLoading: Bits, port: ReadPort, set: Bits): readonly Int[] | undefined {
  if (deal.lanesOfRound === undefined) return undefined;
  const { width } = deal.lanesOfRound;
  const table = m.mem('lanes_of_rounds', { type: bits(width), depth: wordsOf(4, shape.slots) });
  const address = (number: Bits, slot: Int): Int => joined({ value: number.asU(), count: 4 }, { value: slot, count: shape.slots });
  sync.write(table, address(setLoading, deal.slot), deal.lanesOfRound, { enable: deal.roundDone });
  const word = sync.read('read_lanes', table, address(set, port.slot), { enable: port.read });
  return parted(word, ...Array.from({ length: P.lanes }, () => 2 ** indexType(P.lanes).width)).toReversed();
}

/** Whether each lane's place of a round is an output, and one that is needed. */
export function outputsNeeded(
  m: ModuleBuilder, sync: Domain, P: CoreParameters, shape: Shape,
  mask: { readonly write: Bool; readonly position: Int; readonly word: Bits; readonly tile: Bits } | undefined, port: ReadPort, tile: Bits,
): readonly Bool[] {
  const { slots, positions } = shape;
  const lanes = Array.from({ length: P.lanes }, (_, i) => i);
  if (mask === undefined && P.outputChannels % P.lanes === 0) return lanes.map(() => literalBool(true));
  const slot = slots === 1 ? port.slot : sync.delay('read_slot', port.slot, { enable: port.read });
  const exists = (lane: number): Bool => P.outputChannels % P.lanes === 0 ? literalBool(true)
    : flagTable(slot, slots, each => literalBool(each * P.lanes + lane < P.outputChannels));
  if (mask === undefined) return lanes.map(exists);
  const memory = m.mem('output_masks', { type: bits(slots * P.lanes), depth: wordsOf(4, positions) });
  const address = (number: Bits, position: Int): Int => joined({ value: number.asU(), count: 4 }, { value: position, count: positions });
  sync.write(memory, address(mask.tile, mask.position), mask.word, { enable: mask.write });
  const word = sync.read('read_mask', memory, address(tile, port.position), { enable: port.read });
  const round = m.named('round_mask', patternTable(slot, slots, each => word.slice(each * P.lanes, P.lanes)));
  return lanes.map(lane => round.bit(lane).and(exists(lane)));
}

/**
 * The sums of a round in the order of its output channels.
 * @param unstolen for each lane that has tasks, where they can be stolen, the place of its last one that was not
 */
export function sumsInOrder(
  sync: Domain, shape: Shape, sums: readonly (readonly Int[])[], lanesOfRound: readonly Int[] | undefined, port: ReadPort, unstolen: readonly (Bits | undefined)[],
): readonly Int[] {
  const own = sums.map(([first]) => first ?? joined());
  if (lanesOfRound !== undefined) {
    return lanesOfRound.map(lane => select(lane, Array.from({ length: 2 ** lane.width }, (_, i) => own[Math.min(i, own.length - 1)] ?? joined())));
  }
  if (unstolen.every(place => place === undefined)) return own;
  const task = sync.delay('read_task', joined({ value: port.slot, count: shape.slots }, { value: port.position, count: shape.positions }), { enable: port.read });
  return own.map((sum, lane) => {
    const [, ofNext] = sums[(lane + own.length - 1) % own.length] ?? [];
    const kept = unstolen[lane];
    if (ofNext === undefined || kept === undefined) return sum;
    return task.gt(kept.asU()).mux(ofNext, sum);
  });
}
