import { TestbenchError } from '../errors.js';

/** One of several parts of an exhaustive run, so that several machines can share it. */
export interface Shard {
  /** Which part, from 1. */
  readonly index: number;
  /** Parts that there are. */
  readonly of: number;
}

/** Operands `first` .. `first + count - 1` as the stimulus counts them. */
export interface OperandRange {
  readonly first: number;
  readonly count: number;
}

/**
 * The operands of a shard: contiguous, of the same size but for one, and together all `total` of them.
 * @throws TestbenchError of kind `usage` for a shard that is not there, or more shards than operands
 */
export function shardRange(total: bigint, shard: Shard = { index: 1, of: 1 }): OperandRange {
  const { index, of } = shard;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(of) || index < 1 || index > of) throw new TestbenchError('usage', `A shard is I/N with I from 1 to N, not ${index}/${of}.`);
  if (BigInt(of) > total) throw new TestbenchError('usage', `There are ${total} operands, too few for ${of} shards.`);
  const border = (part: number): number => Number((total * BigInt(part)) / BigInt(of));
  return { first: border(index - 1), count: border(index) - border(index - 1) };
}
