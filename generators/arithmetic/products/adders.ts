import { intType, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Adder } from '../adder-tree.js';
import { ecp5Sum } from './ecp5-chain.js';
import { ice40Sum } from './ice40-chain.js';
import { extended, patternOf } from './running-product.js';
import { xc7Adder, xc7TernaryAdder } from './xc7-chain.js';

/** An adder of a target as instances of a module; the name is the instance's. */
export type NamedAdder = (m: ModuleBuilder, name: string, a: Int, b: Int) => Int;

/** The adder that is a chain of a pattern's width. */
function chainAdder(chain: (m: ModuleBuilder, name: string, a: Bits, b: Bits) => Bits): NamedAdder {
  return (m, name, a, b) => {
    const { type } = a.add(b);
    const sum = chain(m, name, patternOf(a, type.width), patternOf(b, type.width));
    return narrowTo(type.signed ? sum.asS() : sum.asU(), type);
  };
}

export const ice40NamedAdder: NamedAdder = chainAdder(ice40Sum);
export const ecp5NamedAdder: NamedAdder = chainAdder((m, name, a, b) => ecp5Sum(m, name, { value: a }, { value: b }));
export const xc7NamedAdder: NamedAdder = (m, name, a, b) => xc7Sum(m, name, [a, b], []);

/**
 * The sum of two or three numbers on the Xilinx 7 series, one LUT a bit, with as many carries as one less than the numbers.
 * @param carries of weight 1
 */
export function xc7Sum(m: ModuleBuilder, name: string, [a, b, c]: readonly [Int, Int, (Int | undefined)?], [first, second]: readonly [(Bool | undefined)?, (Bool | undefined)?]): Int {
  const numbers = c === undefined ? [a, b] : [a, b, c];
  const most = BigInt(Number(first !== undefined) + Number(second !== undefined));
  const type = intType({ min: numbers.reduce((total, { min }) => total + min, 0n), max: numbers.reduce((total, { max }) => total + max, most) });
  const { width } = type;
  // Above the highest top bit of an operand all bits are alike; those of a ternary adder from the second one on.
  const luts = Math.min(width, Math.max(...numbers.map(each => each.width + (each.type.signed ? 0 : 1))) + numbers.length - 2);
  const operand = (value: Int): Bits => extended(value.bits(), value.type.signed, luts);
  const carries = { carry_in: first ?? literalBool(false), a: operand(a), b: operand(b) };
  const { result } = c === undefined ? m.inst(name, xc7Adder, { width, luts }, carries)
    : m.inst(name, xc7TernaryAdder, { width, luts }, { ...carries, second_carry_in: second ?? literalBool(false), c: operand(c) });
  return narrowTo(type.signed ? result.asS() : result.asU(), type);
}

/** The adder for a module. Behind a register, or with a constant, the tools make a chain of `a + b` themselves. Instances are told apart by a number. */
export function adderOf(m: ModuleBuilder, add: NamedAdder): Adder {
  let adders = 0;
  return (a, b, source) => {
    if (source === 'other' || a.constant !== undefined || b.constant !== undefined) return a.add(b);
    adders++;
    return add(m, `adder_${adders - 1}`, a, b);
  };
}
