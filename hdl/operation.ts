import type { Expression } from './expression.js';
import type { ScalarType } from './type.js';

/** What a node of the expression graph does with its operands. */
export type Operation =
  | 'literal' | 'read' | 'memory'
  | 'add' | 'sub' | 'mul' | 'neg' | 'shl' | 'shr' | 'shlBy' | 'shrBy'
  | 'eq' | 'ne' | 'lt' | 'le'
  | 'and' | 'or' | 'xor' | 'not' | 'reduceAnd' | 'reduceOr' | 'reduceXor'
  | 'cat' | 'slice' | 'cast' | 'truncate' | 'extend'
  | 'mux' | 'select';

/** The low bits of `value`, read as `type` reads them. */
export function wrapValue(value: bigint, type: ScalarType): bigint {
  return type.signed ? BigInt.asIntN(type.width, value) : BigInt.asUintN(type.width, value);
}

/**
 * The value of a node from the values of its operands: the exact integer for numbers, the unsigned pattern for bits,
 * 0 or 1 for bool, the code for an enumeration. Reads of signals and memories are not computed here.
 */
export function applyOperation(node: Expression, args: readonly bigint[]): bigint {
  const [a = 0n, b = 0n, c = 0n] = args;
  switch (node.op) {
    case 'literal': return node.detail.value ?? 0n;
    case 'add': return a + b;
    case 'sub': return a - b;
    case 'mul': return a * b;
    case 'neg': return -a;
    case 'shl': return a << BigInt(node.detail.distance ?? 0);
    case 'shr': return a >> BigInt(node.detail.distance ?? 0);
    case 'shlBy': return a << b;
    case 'shrBy': return a >> b;
    case 'eq': return flag(a === b);
    case 'ne': return flag(a !== b);
    case 'lt': return flag(a < b);
    case 'le': return flag(a <= b);
    case 'and': return a & b;
    case 'or': return a | b;
    case 'xor': return a ^ b;
    case 'not': return ones(node.width) ^ a;
    case 'reduceAnd': return flag(a === ones(node.args[0]?.width ?? 1));
    case 'reduceOr': return flag(a !== 0n);
    case 'reduceXor': return parity(a);
    case 'cat': return node.args.reduce((high, part, i) => (high << BigInt(part.width)) | (args[i] ?? 0n), 0n);
    case 'slice': return wrapValue(a >> BigInt(node.detail.low ?? 0), node.type);
    case 'cast':
    case 'extend':
    case 'truncate': return wrapValue(a, node.type);
    case 'mux': return a === 1n ? b : c;
    case 'select': return args[1 + Number(a)] ?? 0n;
    case 'read':
    case 'memory':
      throw new TypeError(`a ${node.op} is not computed from its operands alone`);
  }
}

function flag(condition: boolean): bigint {
  return condition ? 1n : 0n;
}

function ones(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

function parity(pattern: bigint): bigint {
  let rest = pattern;
  let odd = 0n;
  while (rest !== 0n) {
    odd ^= rest & 1n;
    rest >>= 1n;
  }
  return odd;
}
