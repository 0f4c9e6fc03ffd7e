import { bits, bool, cat, literalBool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, flagTable, indexType, joined, patternTable, wordsOf } from '../arithmetic/fields.js';
import type { LaneIo, LaneParameters } from './lane.js';
import { loadAddress, loads } from './lane-weights.js';
import { maskBits, tasksType, type Shape } from './shape.js';
import { walker, type TaskPlace } from './walker.js';

/** The task in A. */
export interface Task {
  readonly valid: Bool;
  readonly masked: Bool;
  /** The first of its chunks is still to be issued. */
  readonly fresh: Bool;
  readonly summary: Bits | undefined;
  /** A flag for each row and each column of the kernel that lies in the tile; absent without padding. */
  readonly rows: Bits | undefined;
  readonly columns: Bits | undefined;
  readonly area: Int;
  readonly slot: Int;
  readonly position: Int;
  readonly base: Int;
  /** Whether tasks are left to claim. */
  readonly left: Bool;
  readonly notFresh: () => void;
  /** Says when A becomes free. */
  readonly complete: (leaves: Bool) => void;
}

/** Claims tasks: the lane's own from the first one on, or, where the next lane has more left, the next lane's from the last one down. */
export function claims(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape): Task {
  const left = sync.reg('left', tasksType(shape), { reset: 0 });
  const valid = sync.reg('task_valid', bool, { reset: false });
  const [claimsOwn, steals] = [m.wire('claims_own', bool), shape.steals ? m.wire('claims_next', bool) : undefined];
  const own = walker(m, sync, 'own', shape, P, { start: io.start, step: claimsOwn.q, direction: 'up', lastSlot: joined() });
  const robbed = steals === undefined || io.next_last_slot === undefined ? undefined
    : walker(m, sync, 'next', shape, P, { start: io.start, step: steals.q, direction: 'down', lastSlot: io.next_last_slot });
  const hasLeft = m.named('has_left', left.q.ne(0));
  const nextIsLonger = io.next_left === undefined ? literalBool(false) : m.named('next_has_more_left', io.next_left.gt(left.q).and(io.next_left.ge(2)));
  const either = (of: (place: TaskPlace) => Int): Int => robbed === undefined ? of(own) : nextIsLonger.mux(of(robbed), of(own));
  const place = { slot: either(each => each.slot), position: either(each => each.position), row: either(each => each.row), column: either(each => each.column), base: either(each => each.base) };
  const claim = m.named('claims', steals === undefined ? claimsOwn.q : claimsOwn.q.or(steals.q));
  const area = shape.steals ? nextIsLonger.asU() : joined();
  const hold = (name: string, value: Int, count: number): Int => count === 1 ? value : sync.delay(name, value, { enable: claim });
  const fresh = shape.chunks === 1 ? undefined : sync.reg('task_fresh', bool);
  m.when(claim, () => fresh?.set(true));
  const taken = claimsOwn.q.asU().add(io.stolen?.asU() ?? 0);
  m.when(io.start, () => left.set(io.tasks)).otherwise(() => left.set(left.q.sub(taken).wrap(left.q.width).asU()));
  io.own_left?.drive(left.q);
  if (steals !== undefined) io.steals?.drive(steals.q);
  if (robbed !== undefined) io.unstolen?.drive(joined({ value: robbed.slot, count: shape.slots }, { value: robbed.position, count: shape.positions }));
  const held = {
    area: hold('task_area', area, shape.areas), slot: hold('task_slot', place.slot, shape.slots),
    position: hold('task_position', place.position, shape.positions), base: hold('task_base', place.base, shape.pixels),
  };
  const inside = (count: number, size: number, kernel: number, name: string, index: Int): Bits | undefined => P.padding === 0 ? undefined
    : sync.delay(name, patternTable(index, count, at => insideBits(at * P.stride - P.padding, size, kernel)), { enable: claim });
  return {
    valid: valid.q, fresh: fresh?.q ?? literalBool(true), left: hasLeft, ...held,
    rows: inside(shape.rows, P.height, P.kernelHeight, 'rows_inside', place.row),
    columns: inside(shape.columns, P.width, P.kernelWidth, 'columns_inside', place.column),
    masked: masks(m, sync, io, P, shape, { ...place, area }, held, claim),
    summary: summaries(m, sync, io, shape, { slot: place.slot, area }, claim),
    notFresh: () => m.when(claim.not(), () => fresh?.set(false)),
    complete: leaves => {
      const isFree = m.named('task_is_free', valid.q.not().or(leaves));
      claimsOwn.drive(isFree.and(hasLeft).and(nextIsLonger.not()));
      steals?.drive(isFree.and(nextIsLonger));
      valid.drive(claim.or(isFree.not()));
    },
  };
}

function insideBits(first: number, size: number, kernel: number): Bits {
  return cat(...Array.from({ length: kernel }, (_, i) => first + i >= 0 && first + i < size).toReversed().map(inside => literalBool(inside)));
}

/** The chunks of a slot that have weights. */
function summaries(m: ModuleBuilder, sync: Domain, io: LaneIo, shape: Shape, { slot, area }: Pick<Task, 'slot' | 'area'>, claim: Bool): Bits | undefined {
  if (io.load_summary === undefined || io.load_summary_bits === undefined) return undefined;
  const counts = [2, shape.areas, shape.slots] as const;
  const memory = m.mem('summaries', { type: bits(shape.chunks), depth: wordsOf(...counts) });
  sync.write(memory, loadAddress(io, shape), io.load_summary_bits, { enable: io.load_summary.and(loads(io)) });
  return sync.read('task_summary', memory, joined({ value: io.weight_bank.asU(), count: 2 }, { value: area, count: shape.areas }, { value: slot, count: shape.slots }), { enable: claim });
}

/** Whether the task claimed is masked. */
function masks(
  m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, claimed: Pick<Task, 'slot' | 'area' | 'position'>,
  task: Pick<Task, 'slot' | 'area'>, claim: Bool,
): Bool {
  if (io.load_mask === undefined || io.load_mask_bits === undefined || io.load_mask_position === undefined || io.load_mask_bank === undefined) return literalBool(false);
  const width = maskBits(shape, P.lanes);
  const memory = m.mem('masks', { type: bits(width), depth: wordsOf(2, shape.positions) });
  const address = (bank: Bool, position: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: position, count: shape.positions });
  sync.write(memory, address(io.load_mask_bank, io.load_mask_position), io.load_mask_bits, { enable: io.load_mask });
  const word = m.named('task_mask', sync.read('task_mask_word', memory, address(io.tile_bank, claimed.position), { enable: claim }));
  if (io.load_order === undefined || io.load_order_place === undefined) {
    const index = joined({ value: task.area, count: shape.areas }, { value: task.slot, count: shape.slots });
    return flagTable(index, 2 ** (bitsFor(shape.areas) + bitsFor(shape.slots)), i => word.bit(Math.min(width - 1, placeOf(i, shape)))).not();
  }
  const orders = m.mem('orders', { type: indexType(P.lanes), depth: wordsOf(2, shape.slots) });
  sync.write(orders, loadAddress(io, shape), io.load_order_place, { enable: io.load_order.and(loads(io)) });
  const order = sync.read('task_order', orders, joined({ value: io.weight_bank.asU(), count: 2 }, { value: claimed.slot, count: shape.slots }), { enable: claim });
  const round = patternTable(task.slot, shape.slots, slot => word.slice(slot * P.lanes, P.lanes));
  return flagTable(order, P.lanes, i => round.bit(i)).not();
}

/** Bit of the mask of area and slot joined to `index`. */
function placeOf(index: number, { slots }: Shape): number {
  const slotNumbers = 2 ** bitsFor(slots);
  return Math.floor(index / slotNumbers) * slots + Math.min(index % slotNumbers, slots - 1);
}
