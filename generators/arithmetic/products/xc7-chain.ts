import { bits, bool, cat, generator, input, literalBool, output, p, type Bits, type Bool, type ModuleBuilder } from '../../../hdl/index.js';
import { lut6, lut6With2Outputs } from '../../primitives/xc7.js';
import { tableOf } from '../../primitives/table.js';
import { carry4Chain, type ChainPlace } from '../carry4-chain.js';

/** The sums of a carry chain over `width` bits; above the given places the last one is repeated, which takes no LUT more. */
function repeatedChain(m: ModuleBuilder, places: readonly ChainPlace[], width: number, carryIn: Bool): Bits {
  const all = Array.from({ length: width }, (_, i) => places[Math.min(i, places.length - 1)]).filter(place => place !== undefined);
  return cat(...carry4Chain(m, all, carryIn).sums.toReversed());
}

const widthParameters = {
  width: p.int({ default: 8, min: 1, max: 256, doc: 'bits of the result' }),
  luts: p.int({ default: 8, min: 1, max: 256, doc: 'bits of the operands; above them both are extended by their top bits' }),
} as const;

/** Whether a bit of `digit · a` is 1, before a negative digit's 1 is added at its low end: the digit is `low + middle - 2 high`. */
function boothBit(...[a, below, low, middle, high]: readonly boolean[]): boolean {
  const selected = low !== middle ? a : low !== high ? below : false;
  return selected !== high;
}

/**
 * A row of a radix-4 Booth multiplier of the Xilinx 7 series: `accumulator + digit · addend`, one LUT6 a bit in front of the carry chain (Walters, Array multipliers for high
 * throughput in Xilinx FPGAs with 6-input LUTs, 2016). The accumulator goes into the carry chain beside the LUT; a negative digit's 1 is the carry in.
 */
export const xc7BoothRow = generator({
  name: 'xc7-booth-row',
  doc: 'Adds -2, -1, 0, 1 or 2 times a number, one LUT6 a bit.',
  params: widthParameters,
  ports: P => ({ digit: input(bits(3), 'three bits of the recoded operand, which overlap by one'), addend: input(bits(P.luts)), accumulator: input(bits(P.luts)), result: output(bits(P.width)) }),
  build(m, io, P) {
    const tables = { low: tableOf(5, boothBit), high: tableOf(5, (...each) => !boothBit(...each)) };
    const places = Array.from({ length: P.luts }, (_, i): ChainPlace => {
      const accumulator = io.accumulator.bit(i);
      const { O } = m.inst(`propagate_${i}`, lut6, tables, {
        I0: io.addend.bit(i), I1: i === 0 ? literalBool(false) : io.addend.bit(i - 1), I2: io.digit.bit(0), I3: io.digit.bit(1), I4: io.digit.bit(2), I5: accumulator,
      });
      return { propagates: O, generates: accumulator };
    });
    io.result.drive(repeatedChain(m, places, P.width, io.digit.bit(2)));
  },
});

/** A row of bits of `digit · addend` for the lowest digit, two bits a LUT6_2: the 1 that belongs to a negative digit is not added. */
export const xc7BoothDigit = generator({
  name: 'xc7-booth-digit',
  doc: 'The bits of -2, -1, 0 or 1 times a number, two of them a LUT6_2; a negative digit lacks 1.',
  params: { width: widthParameters.width },
  ports: P => ({ digit: input(bits(2), 'the two lowest bits of the recoded operand'), addend: input(bits(P.width)), result: output(bits(P.width)) }),
  build(m, io, P) {
    const never = literalBool(false);
    const at = (i: number): Bool => i < 0 || i >= P.width ? never : io.addend.bit(i);
    const results: Bool[] = [];
    const tables = {
      low: tableOf(5, (below, a, _above, middle, high) => boothBit(a, below, false, middle, high)),
      high: tableOf(5, (_below, a, above, middle, high) => boothBit(above, a, false, middle, high)),
    };
    for (let i = 0; i < P.width; i += 2) {
      const { O5, O6 } = m.inst(`bits_${i}`, lut6With2Outputs, tables, {
        I0: at(i - 1), I1: at(i), I2: at(i + 1), I3: io.digit.bit(0), I4: io.digit.bit(1), I5: literalBool(true),
      });
      results.push(O5);
      if (i + 1 < P.width) results.push(O6);
      else m.unused(O6);
    }
    io.result.drive(cat(...results.toReversed()));
  },
});

/** `a + b + carry_in`, one LUT a bit. */
export const xc7Adder = generator({
  name: 'xc7-adder',
  doc: 'A sum of two numbers and a carry, one LUT a bit.',
  params: widthParameters,
  ports: P => ({ carry_in: input(bool), a: input(bits(P.luts)), b: input(bits(P.luts)), result: output(bits(P.width)) }),
  build(m, io, P) {
    const propagate = io.a.xor(io.b);
    const places = Array.from({ length: P.luts }, (_, i): ChainPlace => ({ propagates: propagate.bit(i), generates: io.b.bit(i) }));
    io.result.drive(repeatedChain(m, places, P.width, io.carry_in));
  },
});

/**
 * `a + b + c` and two carries of weight 1, one LUT6_2 a bit: of three bits and the majority of the three below the LUT makes their parity, which goes into the carry chain, and
 * the majority for the bit above.
 */
export const xc7TernaryAdder = generator({
  name: 'xc7-ternary-adder',
  doc: 'A sum of three numbers and two carries, one LUT6_2 a bit.',
  params: widthParameters,
  ports: P => ({ carry_in: input(bool), second_carry_in: input(bool), a: input(bits(P.luts)), b: input(bits(P.luts)), c: input(bits(P.luts)), result: output(bits(P.width)) }),
  build(m, io, P) {
    const tables = {
      low: tableOf(5, (a, b, c) => Number(a) + Number(b) + Number(c) > 1),
      high: tableOf(5, (a, b, c, below) => ((a !== b) !== c) !== below),
    };
    let below = io.second_carry_in;
    const places = Array.from({ length: P.luts }, (_, i): ChainPlace => {
      const { O5, O6 } = m.inst(`compress_${i}`, lut6With2Outputs, tables, {
        I0: io.a.bit(i), I1: io.b.bit(i), I2: io.c.bit(i), I3: below, I4: literalBool(false), I5: literalBool(true),
      });
      const place = { propagates: O6, generates: below };
      if (i === P.luts - 1) m.unused(O5);
      below = O5;
      return place;
    });
    io.result.drive(repeatedChain(m, places, P.width, io.carry_in));
  },
});

