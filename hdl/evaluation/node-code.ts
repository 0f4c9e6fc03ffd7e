import type { Expression } from '../expression.js';
import { applyOperation } from '../operation.js';
import type { ScalarType } from '../type.js';

/** The values of a flattened design by slot: the exact integer for numbers, the unsigned pattern for anything else. */
export type Values = bigint[];

/** One step of a settling: computes some slots from others. */
export type Code = (values: Values) => void;

/** Reads the low bits of an integer as a type does. */
export function wrapper({ width, signed }: ScalarType): (value: bigint) => bigint {
  return signed ? value => BigInt.asIntN(width, value) : value => BigInt.asUintN(width, value);
}

/** The code that computes `node` into slot `to` from the slots of its operands; not for reads. */
export function nodeCode(node: Expression, from: readonly number[], to: number): Code {
  const [a = 0, b = 0, c = 0] = from;
  switch (node.op) {
    case 'add': return v => { v[to] = at(v, a) + at(v, b); };
    case 'sub': return v => { v[to] = at(v, a) - at(v, b); };
    case 'mul': return v => { v[to] = at(v, a) * at(v, b); };
    case 'neg': return v => { v[to] = -at(v, a); };
    case 'shl': {
      const distance = BigInt(node.detail.distance ?? 0);
      return v => { v[to] = at(v, a) << distance; };
    }
    case 'shr': {
      const distance = BigInt(node.detail.distance ?? 0);
      return v => { v[to] = at(v, a) >> distance; };
    }
    case 'shlBy': return v => { v[to] = at(v, a) << at(v, b); };
    case 'shrBy': return v => { v[to] = at(v, a) >> at(v, b); };
    case 'eq': return v => { v[to] = at(v, a) === at(v, b) ? 1n : 0n; };
    case 'ne': return v => { v[to] = at(v, a) === at(v, b) ? 0n : 1n; };
    case 'lt': return v => { v[to] = at(v, a) < at(v, b) ? 1n : 0n; };
    case 'le': return v => { v[to] = at(v, a) <= at(v, b) ? 1n : 0n; };
    case 'and': return v => { v[to] = at(v, a) & at(v, b); };
    case 'or': return v => { v[to] = at(v, a) | at(v, b); };
    case 'xor': return v => { v[to] = at(v, a) ^ at(v, b); };
    case 'mux': return v => { v[to] = at(v, a) === 1n ? at(v, b) : at(v, c); };
    case 'select': {
      const choices = from.slice(1);
      return v => { v[to] = at(v, choices[Number(at(v, a))] ?? -1); };
    }
    case 'slice': return partCode(a, node.detail.low ?? 0, node.type, to);
    case 'cast':
    case 'truncate': return partCode(a, 0, node.type, to);
    default: return v => { v[to] = applyOperation(node, from.map(slot => at(v, slot))); };
  }
}

/** The bits of slot `from` from bit `low` upwards, read as `type`. */
export function partCode(from: number, low: number, type: ScalarType, to: number): Code {
  const wrap = wrapper(type);
  if (low === 0) return v => { v[to] = wrap(at(v, from)); };
  const distance = BigInt(low);
  return v => { v[to] = wrap(at(v, from) >> distance); };
}

/** The patterns of some slots side by side, the first one lowest, as `type` reads them from bit `low` upwards. */
export function joinCode(from: readonly number[], elementWidth: number, low: number, type: ScalarType, to: number): Code {
  const wrap = wrapper(type);
  const [step, distance] = [BigInt(elementWidth), BigInt(low)];
  const highFirst = from.toReversed();
  return v => {
    let pattern = 0n;
    for (const slot of highFirst) pattern = (pattern << step) | BigInt.asUintN(elementWidth, at(v, slot));
    v[to] = wrap(pattern >> distance);
  };
}

/** The value in a slot; 0 for a slot that there is none of (a choice that an `expect` promised never to take). */
export function at(values: Values, slot: number): bigint {
  return values[slot] ?? 0n;
}
