import { int, narrowTo, type Int } from '../../hdl/index.js';
import type { Adder } from './adder-tree.js';

/**
 * `value · factor`, the factor a whole number from 0 on, by shifts and as few additions and subtractions as the canonical signed digits of the factor have beyond one (G. W. Reitwiesner,
 * Binary Arithmetic, Advances in Computers 1, 1960).
 */
export function constantMultiple(value: Int, factor: number, add: Adder): Int {
  const [head, ...others] = signedDigits(factor).toReversed();
  if (head === undefined) return int(0);
  const within = { min: value.min * BigInt(factor), max: value.max * BigInt(factor) };
  const multiple = others.reduce(
    (total, { power, sign }) => sign > 0 ? add(total, value.shl(power), 'arithmetic') : total.sub(value.shl(power)), value.shl(head.power),
  );
  return narrowTo(multiple, within);
}

/** Adders one after the other in a multiple. */
export function multipleLevels(factor: number): number {
  return Math.max(0, signedDigits(factor).length - 1);
}

interface SignedDigit {
  readonly power: number;
  readonly sign: 1 | -1;
}

/** The digits -1, 0, 1 of a whole number that are not zero, no two next to each other; from the lowest. */
function signedDigits(value: number): readonly SignedDigit[] {
  const digits: SignedDigit[] = [];
  for (let rest = value, power = 0; rest > 0; rest = Math.floor(rest / 2), power++) {
    if (rest % 2 === 0) continue;
    const sign = rest % 4 === 3 ? -1 : 1;
    digits.push({ power, sign });
    rest -= sign;
  }
  return digits;
}
