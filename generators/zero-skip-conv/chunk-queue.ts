import { bool, literalBits, literalBool, u, type Bits, type Bool, type Domain, type ModuleBuilder } from '../../hdl/index.js';
import { lowestOne, type LowestOne } from '../arithmetic/lowest-one.js';
import { bitsFor } from '../arithmetic/fields.js';

/** What waits in the queue: the pairs of a chunk, one or more, and what must be known of them. */
export interface ChunkEntry {
  readonly pairs: Bits;
  /** The chunk is its task's first one that has an entry. */
  readonly first: Bool;
  readonly context: Bits;
}

/** What is popped in a clock. */
export interface Popped {
  readonly valid: Bool;
  readonly pair: LowestOne['index'];
  /** The first pop of its task. */
  readonly first: Bool;
  readonly context: Bits;
}

/**
 * Chunks that wait for a multiplier, the oldest in the registers of entry 0. One pair is popped in every clock in which there is any.
 * @param push whether `pushed` goes to its end; only where `hasRoom` says so
 */
export function chunkQueue(
  m: ModuleBuilder, domain: Domain, depth: number, pushed: ChunkEntry, push: Bool,
): { readonly popped: Popped; readonly hasRoom: Bool; readonly isEmpty: Bool } {
  const count = domain.reg('waiting', u(bitsFor(depth + 1)), { reset: 0 });
  // A chunk of one pair has it where it is in the queue at all.
  const entries = Array.from({ length: depth }, (_, i) => ({
    pairs: pushed.pairs.width === 1 ? undefined : domain.reg(`pairs_${i}`, pushed.pairs.type), first: domain.reg(`first_${i}`, bool), context: domain.reg(`context_${i}`, pushed.context.type),
  }));
  const [head] = entries;
  if (head === undefined) throw new TypeError('a queue of no entries');
  const isEmpty = m.named('queue_is_empty', count.q.eq(0));
  const pair = lowestOne(head.pairs?.q ?? literalBits(1, 1));
  const rest = m.named('pairs_left', pair.rest);
  const leaves = m.named('entry_leaves', isEmpty.not().and(rest.reduceOr().not()));
  const place = m.named('push_place', count.q.sub(leaves.asU()).wrap(count.q.width).asU());
  entries.forEach(({ pairs, first, context }, i) => {
    const next = entries[i + 1];
    const chain = m.when(push.and(place.eq(i)), () => {
      pairs?.set(pushed.pairs);
      first.set(pushed.first);
      context.set(pushed.context);
    });
    if (next !== undefined) {
      chain.elseWhen(leaves, () => {
        if (next.pairs !== undefined) pairs?.set(next.pairs.q);
        first.set(next.first.q);
        context.set(next.context.q);
      });
    }
    if (i === 0) {
      chain.otherwise(() => {
        pairs?.set(rest);
        first.set(literalBool(false));
      });
    }
  });
  count.drive(count.q.add(push.asU()).sub(leaves.asU()).wrap(count.q.width).asU());
  return {
    popped: { valid: isEmpty.not(), pair: pair.index, first: head.first.q, context: head.context.q },
    hasRoom: count.q.ne(depth), isEmpty,
  };
}
