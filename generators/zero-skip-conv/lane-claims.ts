import { bits, bool, cat, literalBool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, flagTable, indexType, joined, patternTable, wordsOf } from '../arithmetic/fields.js';
import type { OperandsIo, LaneParameters } from './lane-operands.js';
import { loadAddress, loads } from './lane-weights.js';
import { maskBits, tasksType, type Shape } from './shape.js';
import { walker, type TaskPlace } from './walker.js';

/** The task in A. */
export interface Task {
  readonly valid: Bool;
  readonly masked: Bool;
  /** A task comes to A with the next clock. */
  readonly claim: Bool;
  /** A flag for each row and each column of the kernel that lies in the tile; absent without padding. */
  readonly rows: Bits | undefined;
  readonly columns: Bits | undefined;
  readonly area: Int;
  readonly slot: Int;
  readonly position: Int;
  readonly base: Int;
  /** Area and slot of the task that is in A in the next clock. */
  readonly nextArea: Int;
  readonly nextSlot: Int;
  /** Whether tasks are left to claim. */
  readonly left: Bool;
  /** Says when A becomes free. */
  readonly complete: (leaves: Bool) => void;
}

/** Claims tasks: the lane's own from the first one on, or, where the next lane has more left, the next lane's from the last one down. */
export function claims(m: ModuleBuilder, sync: Domain, io: OperandsIo, P: LaneParameters, shape: Shape): Task {
  const left = sync.reg('left', tasksType(shape), { reset: 0 });
  const valid = sync.reg('task_valid', bool, { reset: false });
  const leaves = m.wire('task_ends_here', bool);
  m.unused(leaves.q);
  const [claimsOwn, steals] = [m.wire('claims_own', bool), shape.steals ? m.wire('claims_next', bool) : undefined];
  const claim = m.named('claims', steals === undefined ? claimsOwn.q : claimsOwn.q.or(steals.q));
  const stolen = shape.steals ? sync.reg('task_is_stolen', bool, { enable: claim }) : undefined;
  const own = walker(m, sync, 'own', shape, P, { start: io.start, step: stolen === undefined ? leaves.q : leaves.q.and(stolen.q.not()), direction: 'up', lastSlot: joined() });
  const robbed = stolen === undefined || io.next_last_slot === undefined ? undefined
    : walker(m, sync, 'next', shape, P, { start: io.start, step: leaves.q.and(stolen.q), direction: 'down', lastSlot: io.next_last_slot });
  const hasLeft = m.named('has_left', left.q.ne(0));
  const nextIsLonger = io.next_left === undefined ? literalBool(false) : m.named('next_has_more_left', io.next_left.gt(left.q).and(io.next_left.ge(2)));
  stolen?.drive(nextIsLonger);
  const willBeStolen = stolen === undefined ? literalBool(false) : claim.mux(nextIsLonger, stolen.q);
  const here = (of: (place: TaskPlace) => Int): Int => robbed === undefined || stolen === undefined ? of(own) : stolen.q.mux(of(robbed), of(own));
  const next = (of: (place: TaskPlace) => Int): Int => robbed === undefined ? of(own) : willBeStolen.mux(of(robbed), of(own));
  const taken = claimsOwn.q.asU().add(io.stolen?.asU() ?? 0);
  // Nothing is left where a tile begins.
  left.drive(left.q.sub(taken).wrap(left.q.width).bits().or(io.tasks.bits()).asU());
  io.own_left?.drive(left.q);
  if (steals !== undefined) io.steals?.drive(steals.q);
  if (robbed !== undefined) io.unstolen?.drive(joined({ value: robbed.slot, count: shape.slots }, { value: robbed.position, count: shape.positions }));
  const task = { area: stolen?.q.asU() ?? joined(), slot: here(each => each.slot), position: here(each => each.position), base: here(each => each.base) };
  const coming = { nextArea: shape.steals ? willBeStolen.asU() : joined(), nextSlot: next(each => each.nextSlot) };
  const inside = (count: number, size: number, kernel: number, index: Int): Bits | undefined => P.padding === 0 ? undefined
    : patternTable(index, count, at => insideBits(at * P.stride - P.padding, size, kernel));
  return {
    valid: valid.q, claim, left: hasLeft, ...task, ...coming,
    rows: inside(shape.rows, P.height, P.kernelHeight, here(each => each.row)),
    columns: inside(shape.columns, P.width, P.kernelWidth, here(each => each.column)),
    masked: masks(m, sync, io, P, shape, { ...coming, nextPosition: next(each => each.nextPosition) }, task, claim),
    complete: ends => {
      leaves.drive(ends);
      const isFree = m.named('task_is_free', valid.q.not().or(ends));
      claimsOwn.drive(isFree.and(hasLeft).and(nextIsLonger.not()));
      steals?.drive(isFree.and(nextIsLonger));
      valid.drive(claim.or(isFree.not()));
    },
  };
}

function insideBits(first: number, size: number, kernel: number): Bits {
  return cat(...Array.from({ length: kernel }, (_, i) => first + i >= 0 && first + i < size).toReversed().map(inside => literalBool(inside)));
}

/** Whether the task claimed is masked. */
function masks(
  m: ModuleBuilder, sync: Domain, io: OperandsIo, P: LaneParameters, shape: Shape, claimed: Pick<Task, 'nextSlot'> & { readonly nextPosition: Int },
  task: Pick<Task, 'slot' | 'area'>, claim: Bool,
): Bool {
  if (io.load_mask === undefined || io.load_mask_bits === undefined || io.load_mask_position === undefined || io.load_mask_bank === undefined) return literalBool(false);
  const width = maskBits(shape, P.lanes);
  const memory = m.mem('masks', { type: bits(width), depth: wordsOf(2, shape.positions), collisions: 'unused' });
  const address = (bank: Bool, position: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: position, count: shape.positions });
  sync.write(memory, address(io.load_mask_bank, io.load_mask_position), io.load_mask_bits, { enable: io.load_mask });
  const word = m.named('task_mask', sync.read('task_mask_word', memory, address(io.tile_bank, claimed.nextPosition), { enable: claim }));
  if (io.load_order === undefined || io.load_order_place === undefined) {
    const index = joined({ value: task.area, count: shape.areas }, { value: task.slot, count: shape.slots });
    return flagTable(index, 2 ** (bitsFor(shape.areas) + bitsFor(shape.slots)), i => word.bit(Math.min(width - 1, placeOf(i, shape)))).not();
  }
  const orders = m.mem('orders', { type: indexType(P.lanes), depth: wordsOf(2, shape.slots), collisions: 'unused' });
  sync.write(orders, loadAddress(io, shape), io.load_order_place, { enable: io.load_order.and(loads(io)) });
  const order = sync.read('task_order', orders, joined({ value: io.weight_bank.asU(), count: 2 }, { value: claimed.nextSlot, count: shape.slots }), { enable: claim });
  const round = patternTable(task.slot, shape.slots, slot => word.slice(slot * P.lanes, P.lanes));
  return flagTable(order, P.lanes, i => round.bit(i)).not();
}

/** Bit of the mask of area and slot joined to `index`. */
function placeOf(index: number, { slots }: Shape): number {
  const slotNumbers = 2 ** bitsFor(slots);
  return Math.floor(index / slotNumbers) * slots + Math.min(index % slotNumbers, slots - 1);
}
