import {
  bool, generator, input, int, intType, output, p, s, u, vec, widthOf, type Int, type Interval, type IntType, type ModuleBuilder,
} from '../../hdl/index.js';
import {
  activationContradictions, activationParameters, isExact, keptInterval, shiftStep, type ActivationFormat,
} from '../activation-encoder/activation-code.js';
import { codeType, decodeLevels, unpackCode } from '../activation-encoder/code-word.js';
import { keepActivations, signedKept } from '../activation-encoder/encode.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { dspParameters, targetParameters, type LaneProduct } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';
import { accumulator } from '../arithmetic/accumulator.js';

/**
 * Sum of `lanes` products: each activation is kept as the `keptBits` bits that begin at its leading one, multiplied by its weight, shifted back to
 * its place, and summed. `keptBits` = `activationBits` is an exact tree, without encoder and shifter. Arithmetic: US 2023/0153586 A1.
 *
 * `in_activation`: `lanes` activations of `activationBits` bits, or their codes (see `activation-encoder`); `in_weight`: `lanes` two's complement
 * weights; `out_sum`: the exact sum, as wide as the sums that can occur.
 *
 * With `accumulate` (guard bits) the sums of all beats up to one with `in_last` are added, modulo 2^width of `out_sum`: exact while a dot product has
 * at most 2^accumulate beats. The result comes out once, for the last beat, and the next dot product may begin on the next clock. With flow `none`
 * the running sum of each beat is on `out_sum`; the beat after a last one, or after a reset, starts anew.
 */
export const macTree = generator({
  name: 'mac-tree',
  doc: 'Sum of products of activations, kept as the few bits from their leading one down, and weights.',
  params: {
    lanes: p.int({ default: 16, min: 2, max: 4096, doc: 'products summed in one beat, a power of two' }),
    activationBits: activationParameters.activationBits,
    activationSigned: activationParameters.activationSigned,
    weightBits: p.int({ default: 8, min: 2, max: 16, doc: 'bits of a weight, two\'s complement' }),
    keptBits: activationParameters.keptBits,
    rounding: activationParameters.rounding,
    shift: activationParameters.shift,
    encoding: p.choice(['inside', 'outside'], { default: 'inside', doc: 'activations come as they are, or as codes made by activation-encoder' }),
    accumulate: p.choiceOrInt(['off'], {
      default: 'off', min: 0, max: 16, doc: 'guard bits of an accumulator over the beats up to one with in_last, or off',
    }),
    ...flowParameters,
    ...targetParameters,
    ...dspParameters,
  },
  check: P => [
    ...(Number.isInteger(Math.log2(P.lanes)) ? [] : [{ parameter: 'lanes' as const, message: `'lanes' is ${P.lanes}, not a power of two` }]),
    ...activationContradictions(P),
    ...flowContradictions(P),
    ...(P.accumulate !== 'off' && P.pipeline === 'none'
      ? [{ parameter: 'pipeline' as const, message: 'pipeline \'none\' has no registers, and accumulate needs one', hint: 'use pipeline \'output\', \'full\' or a number' }]
      : []),
  ],
  ports: P => ({
    ...inputPorts(P),
    in_activation: input(vec(P.lanes, activationType(P)), P.encoding === 'outside' ? 'codes of activations' : 'activations'),
    in_weight: input(vec(P.lanes, s(P.weightBits)), 'weights'),
    in_last: P.accumulate === 'off' ? undefined : input(bool, 'the beat ends a dot product'),
    ...outputPorts(P),
    out_sum: output(sumType(P), P.accumulate === 'off' ? 'sum of the products' : 'sum of the products of all beats of a dot product'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P, io.in_last);
    const { add, sumOfProducts } = strategiesFor(m, P.target, P.dsp);
    const lanes = lanesOf(m, pipe, [...io.in_activation], [...io.in_weight], P);
    const beat = sumOfProducts(pipe, {
      lanes, step: shiftStep(P), product: productInterval(P), name: isExact(P) ? 'activation' : 'kept',
      levelsBefore: P.encoding === 'outside' && !P.activationSigned ? decodeLevels(P) : 0,
    });
    const sum = P.accumulate === 'off'
      ? pipe.end().enter(beat.name, beat.value)
      : accumulator(m, pipe, beat, add, sumType(P));
    io.out_sum.drive(sum);
    pipe.promise(['in_activation', 'in_weight', ...(P.accumulate === 'off' ? [] : ['in_last'])], ['out_sum']);
  },
});

/** What of the parameters decides the widths. */
interface Widths extends ActivationFormat {
  readonly lanes: number;
  readonly weightBits: number;
  readonly encoding: 'inside' | 'outside';
  readonly accumulate: 'off' | number;
}

function activationType(P: Widths): IntType {
  if (P.encoding === 'outside') return codeType(P);
  return P.activationSigned ? s(P.activationBits) : u(P.activationBits);
}

/** The exact interval of one lane's product. */
function productInterval(P: Widths): Interval {
  const kept = keptInterval(P);
  const weight = s(P.weightBits);
  const products = [kept.min * weight.min, kept.min * weight.max, kept.max * weight.min, kept.max * weight.max];
  return { min: products.reduce((a, b) => a < b ? a : b), max: products.reduce((a, b) => a > b ? a : b) };
}

function sumType(P: Widths): IntType {
  const { min, max } = productInterval(P);
  const beat = intType({ min: min * BigInt(P.lanes), max: max * BigInt(P.lanes) });
  return P.accumulate === 'off' ? beat : s(widthOf(beat) + P.accumulate);
}

/** The lanes of a beat as the tree multiplies them. */
function lanesOf(m: ModuleBuilder, pipe: Pipeline, activations: readonly Int[], weights: readonly Int[], P: Widths): readonly LaneProduct[] {
  const exact = { kept: activations.map(activation => ({ multiplicand: activation, amount: int(0) })), beside: weights };
  const { kept, beside } = P.encoding === 'outside' ? decoded(m, pipe, activations, weights, P)
    : isExact(P) ? exact : encoded(pipe, activations, weights, P);
  return kept.map((lane, i) => ({ ...lane, weight: beside[i] ?? int(0) }));
}

interface Multiplicands {
  readonly kept: readonly Omit<LaneProduct, 'weight'>[];
  readonly beside: readonly Int[];
}

/** Takes codes apart. The signs are put back in a stage of its own, because of the carries; without them it is a single level of logic. */
function decoded(m: ModuleBuilder, pipe: Pipeline, words: readonly Int[], beside: readonly Int[], P: Widths): Multiplicands {
  if (P.activationSigned) pipe.stage(decodeLevels(P) + 1);
  const codes = words.map(word => unpackCode(m, word, P, pipe));
  return { kept: codes.map(code => ({ multiplicand: signedKept(code), amount: code.amount })), beside };
}

function encoded(pipe: Pipeline, activations: readonly Int[], weights: readonly Int[], P: Widths): Multiplicands {
  const { kept, beside } = keepActivations(pipe, activations, P, weights);
  return { kept: kept.map(each => ({ multiplicand: signedKept(each), amount: each.amount, placed: each.placed === undefined ? undefined : signedKept({ kept: each.placed, sign: each.sign }) })), beside };
}
