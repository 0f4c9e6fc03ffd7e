import { bits, bool, cat, int, literalBits, u, type Bits, type BitsType, type Bool, type Domain, type Int, type IntType, type Memory, type ModuleBuilder, type VariableOf } from '../../hdl/index.js';
import { bitsFor } from '../arithmetic/fields.js';
import { lowestBit } from '../arithmetic/lowest-one.js';
import type { LaneParameters } from './lane-operands.js';

/** A chunk that comes: its pairs, maybe none, and what must be known of them. */
export interface ChunkEntry {
  readonly pairs: Bits;
  /** The chunk is its task's first one that has an entry. */
  readonly first: Bool;
  /** What the operands are read by. */
  readonly context: Bits;
  /** The task's place among the sums; absent where there is only one. */
  readonly place: Bits | undefined;
}

/** What is popped in a clock. */
export interface Popped {
  readonly valid: Bool;
  readonly pair: Int;
  /** The first pop of its task. */
  readonly first: Bool;
  readonly context: Bits;
  /** The place of what was popped three clocks before. */
  readonly placeOfSum: Bits | undefined;
}

/** Chunks that may be in flight beside the `runAhead` that wait: one in B, one that is read, one whose last pairs are popped. */
const onTheWay = 3;

/** Pairs of a chunk are popped group by group. */
function groupWidth(pairs: number): number {
  if (pairs <= 4) return pairs;
  return pairs <= 32 ? 4 : 8;
}

/**
 * Chunks that wait for a multiplier, in memories. One pair is popped in every clock, beginning three clocks after the first push. The chunk whose turn it is stands at the output of the
 * memory, its groups of pairs that are not empty go to a register one after the other, and their pairs are popped there: each step looks at a few bits only.
 * @param comes a chunk comes; only where `hasRoom` was true in the clock before
 */
export function chunkQueue(
  m: ModuleBuilder, domain: Domain, { runAhead, target }: Pick<LaneParameters, 'runAhead' | 'target'>, { pairs, first, context, place }: ChunkEntry, comes: Bool,
): { readonly popped: Popped; readonly hasPairs: Bool; readonly hasRoom: Bool; readonly isEmpty: Bool } {
  const most = runAhead + onTheWay;
  // One place more, for the place of a sum is read two clocks after the last pop of its chunk.
  const depth = 2 ** bitsFor(most + 1);
  const width = groupWidth(pairs.width);
  const groups = Array.from({ length: Math.ceil(pairs.width / width) }, (_, i) => i);
  const filled = m.named('chunk_groups', cat(...groups.map(i => pairs.slice(i * width, Math.min(width, pairs.width - i * width)).reduceOr()).toReversed()));
  const hasPairs = m.named('chunk_has_pairs', filled.reduceOr());
  const pushed = domain.reg('pushed', bool, { reset: false });
  pushed.drive(comes.and(hasPairs));

  const pointer = (name: string): VariableOf<IntType> => domain.reg(name, u(bitsFor(depth)), { reset: 0 });
  const memory = (name: string, word: Bits): Memory<BitsType> => {
    const made = m.mem(name, { type: bits(word.width), depth, collisions: 'unused', ...(target === 'ice40' ? { style: 'block' } : {}) });
    domain.write(made, pushPlace, word, { enable: comes });
    return made;
  };
  // A place that was not filled is filled by the chunk that comes next.
  const [lastPlace, readPlace] = [pointer('last_push_place'), pointer('read_place')];
  const pushPlace = m.named('push_place', lastPlace.q.add(pushed.q.asU()).wrap(bitsFor(depth)).asU());
  lastPlace.drive(pushPlace);
  const [reads, moves, leaves] = [m.wire('head_is_read', bool), m.wire('group_moves', bool), m.wire('head_leaves', bool)];
  m.when(reads.q, () => readPlace.set(readPlace.q.add(1).wrap(bitsFor(depth)).asU()));

  const headValid = domain.reg('head_valid', bool, { reset: false });
  const headPlace = domain.reg('head_place', u(bitsFor(depth)), { enable: reads.q });
  headPlace.drive(readPlace.q);
  reads.drive(pushed.q.or(lastPlace.q.ne(readPlace.q)).and(headValid.q.not().or(leaves.q)));
  headValid.drive(reads.q.or(headValid.q.and(leaves.q.not())));
  const head = domain.read('head', memory('waiting', groups.length === 1 ? pairs : cat(filled, pairs)), readPlace.q, { enable: reads.q });
  const headPairs = head.slice(0, pairs.width);
  const fresh = domain.reg('head_is_fresh', bool);
  fresh.drive(reads.q.or(fresh.q.and(moves.q.not())));
  const left = groups.length === 1 ? undefined : domain.reg('groups_left', bits(groups.length), { enable: moves.q });
  const next = lowestBit(left === undefined ? literalBits(1, 1) : m.named('head_groups', fresh.q.mux(head.slice(pairs.width, groups.length), left.q)));
  left?.drive(next.rest);
  leaves.drive(moves.q.and(next.hasRest.not()));

  // A chunk of one pair has it where it comes here at all.
  const group = width === 1 ? undefined : domain.reg('group', bits(width), { reset: literalBits(0, width) });
  const pair = lowestBit(group?.q ?? literalBits(1, 1));
  const groupIsFree = m.named('group_is_free', pair.hasRest.not());
  const valid = domain.reg('pops', bool, { reset: false });
  moves.drive(headValid.q.and(groupIsFree));
  valid.drive(moves.q.or(groupIsFree.not()));
  const padded = groups.map(i => i * width + width <= pairs.width ? headPairs.slice(i * width, width) : cat(literalBits(0, i * width + width - pairs.width), headPairs.slice(i * width, pairs.width - i * width)));
  const chosen = padded.length === 1 ? headPairs : padded.map((bitsOfGroup, i) => next.only.bit(i).mux(bitsOfGroup, literalBits(0, width))).reduce((a, b) => a.or(b));
  group?.drive(moves.q.mux(chosen, pair.rest));
  const isLast = domain.reg('group_is_last', bool, { enable: moves.q });
  isLast.drive(next.hasRest.not());
  const isFirst = domain.reg('pop_is_first', bool);
  isFirst.drive(moves.q.and(fresh.q));
  const popPlace = domain.reg('pop_place', u(bitsFor(depth)), { enable: moves.q });
  popPlace.drive(headPlace.q);
  m.unused(popPlace.q, head);
  const contextRead = domain.read('pop_context', memory('contexts', cat(first, context)), headPlace.q, { enable: moves.q });
  const indexOfPair = width === 1 ? [] : [pair.index];
  const indexOfGroup = groups.length === 1 ? [] : [domain.delay('group_index', next.index, { enable: moves.q })];
  const index = [...indexOfGroup, ...indexOfPair];

  const completes = m.named('entry_is_done', valid.q.and(groupIsFree).and(isLast.q));
  const waiting = domain.reg('waiting_count', u(bitsFor(most + 1)), { reset: 0 });
  m.when(pushed.q.xor(completes), () => waiting.set(waiting.q.add(pushed.q.mux(1, -1)).wrap(waiting.q.width).asU()));
  return {
    popped: {
      valid: valid.q, pair: index.length === 0 ? int(0) : cat(...index).asU(), first: contextRead.bit(context.width).and(isFirst.q), context: contextRead.slice(0, context.width),
      placeOfSum: place === undefined ? undefined : domain.read('place_of_sum', memory('places', place), domain.delay('product_queue_place', domain.delay('operand_queue_place', popPlace.q))),
    },
    hasPairs, isEmpty: waiting.q.eq(0).and(pushed.q.not()),
    hasRoom: pushed.q.mux(comes.mux(waiting.q.lt(most - 2), waiting.q.lt(most - 1)), comes.mux(waiting.q.lt(most - 1), waiting.q.lt(most))),
  };
}
