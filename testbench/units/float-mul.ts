import {
  decodeFloat, floatClasses, floatLimits, FloatMulModel, FloatRounder, resultFormat, secondRange, type DecodedFloat, type FloatMulParameters,
} from '../../golden/index.js';
import { fromIntegers, type Beats, type Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { createStimulus } from '../stimulus.js';
import type { CoverageModel, GoldenModel, Stimulus, Unit } from '../unit.js';
import { caseBins, classesOf, classTable, codeText, drawCode, edgeCodes, RoundingCounter, type Exact } from './float-cases.js';
import { floatMulParameters } from './parameters.js';

function operands(streams: Streams, name: string): Int32Array | Uint32Array {
  const data = streams.in?.ports[name];
  if (data instanceof Int32Array || data instanceof Uint32Array) return data;
  throw new TestbenchError('usage', `A floating multiplier takes the stream in with ${name}; given are ${Object.keys(streams).join(', ') || 'none'}.`);
}

function golden(manifest: Manifest): GoldenModel {
  const model = new FloatMulModel(floatMulParameters(manifest));
  return {
    process: inputs => {
      const products = model.process(operands(inputs, 'in_a'), operands(inputs, 'in_b'));
      return { out: { count: products.length, ports: { out_product: products } } };
    },
  };
}

/** An exact product, and the operands that have it. */
interface ExactProduct extends Exact {
  readonly a: number;
  readonly b: number;
}

/** Significands, or integers, of each operand that are tried with each other. */
const triedSignificands = 40;

/** Products among which every case of rounding is: significands of all kinds, at exponents in the middle and through both ends of the results. */
function* directedProducts(parameters: FloatMulParameters): Generator<ExactProduct, void, void> {
  const { mantissaBits, second } = parameters;
  const hidden = 2 ** mantissaBits;
  const { largestFinite } = floatLimits(parameters);
  const top = Math.floor(largestFinite / hidden);
  const middle = Math.ceil(top / 2);
  const decode = finiteOperand(parameters);
  const fields = new Set(Array.from({ length: mantissaBits + 4 }, (_, distance) => [1 + distance, top - distance, middle - distance, middle + distance]).flat().filter(field => field >= 1 && field <= top));
  const codes = (field: number, count: number): readonly number[] => spread(field * hidden, Math.min(largestFinite, (field + 1) * hidden - 1), count);
  const { min, max } = secondRange(parameters);
  const seconds = second === 'float' ? [0, 1, middle, top].map(field => codes(field, triedSignificands)) : [spread(min, max, 2 * triedSignificands)];
  const others = seconds.flat().map(b => ({ b, operand: second === 'float' ? decode(b) : { significand: Math.abs(b), exponent: 0 } }));
  for (const field of [0, ...fields]) {
    for (const a of codes(field, triedSignificands)) {
      const { significand, exponent } = decode(a);
      for (const { b, operand } of others) yield { a, b, significand: significand * operand.significand, exponent: exponent + operand.exponent };
    }
  }
}

/** At most `count` integers of min..max, both ends and their neighbours among them. */
function spread(min: number, max: number, count: number): readonly number[] {
  if (max - min < count) return Array.from({ length: max - min + 1 }, (_, index) => min + index);
  return [...new Set(Array.from({ length: count - 2 }, (_, index) => min + Math.floor(index * (max - min) / (count - 2))).concat([min + 1, max - 1, max]))];
}

type FiniteOperand = Pick<DecodedFloat, 'significand' | 'exponent'>;

function finiteOperand(parameters: FloatMulParameters): (code: number) => FiniteOperand {
  const flush = parameters.subnormals === 'flush';
  return code => {
    const decoded = decodeFloat(code, parameters);
    return flush && decoded.class === 'subnormal' ? { ...decoded, significand: 0 } : decoded;
  };
}

function rounderOf(parameters: FloatMulParameters): FloatRounder | undefined {
  const { result, specials } = parameters;
  return result === 'exact' ? undefined : new FloatRounder(resultFormat(parameters, result), parameters, { saturate: specials !== 'ieee' });
}

function roundingCounter(parameters: FloatMulParameters): RoundingCounter<ExactProduct> | undefined {
  const rounder = rounderOf(parameters);
  if (rounder === undefined) return undefined;
  const { mantissaBits, second } = parameters;
  const top = Math.floor(floatLimits(parameters).largestFinite / 2 ** mantissaBits);
  const least = decodeFloat(0, parameters).exponent;
  const isFloat = second === 'float';
  return new RoundingCounter(rounder, directedProducts(parameters), isFloat ? 2 * mantissaBits + 2 : mantissaBits + 9, { min: isFloat ? 2 * least : least, count: isFloat ? 2 * top - 1 : top });
}

function beatsOf(manifest: Manifest, a: readonly number[], b: readonly number[]): Beats {
  const port = (name: string, values: readonly number[]): Beats['ports'][string] => {
    const found = manifest.ports.find(candidate => candidate.name === name);
    if (found === undefined) throw new TestbenchError('usage', `The manifest of '${manifest.top}' has no port ${name}.`);
    return fromIntegers(found, values);
  };
  return { count: a.length, ports: { in_a: port('in_a', a), in_b: port('in_b', b) } };
}

function stimulus(manifest: Manifest): Stimulus {
  const parameters = floatMulParameters(manifest);
  const counted = createStimulus(manifest);
  const edges = edgeCodes(parameters);
  const { min, max } = secondRange(parameters);
  const seconds = parameters.second === 'float' ? edges : [...new Set([0, 1, 2, 3, max - 1, max, min, min + 1, -1, 127].filter(value => value >= min && value <= max))];
  return {
    ...counted,
    corners: () => {
      const examples = roundingCounter(parameters)?.examples ?? [];
      const pairs = [...edges.flatMap(a => seconds.map(b => [a, b] as const)), ...examples.map(({ a, b }) => [a, b] as const)];
      return { in: beatsOf(manifest, pairs.map(([a]) => a), pairs.map(([, b]) => b)) };
    },
    random: (random, count) => {
      const draw = (): number => drawCode(random, parameters, edges);
      const drawSecond = (): number => (parameters.second === 'float' ? draw() : random.below(4) === 0 ? seconds[random.below(seconds.length)] ?? 0 : min + random.below(max - min + 1));
      const pairs = Array.from({ length: count }, () => [draw(), drawSecond()] as const);
      return { in: beatsOf(manifest, pairs.map(([a]) => a), pairs.map(([, b]) => b)) };
    },
  };
}

/** Counts pairs of classes; of an integer the classes are zero, negative and positive. */
function coverage(manifest: Manifest): CoverageModel {
  const parameters = floatMulParameters(manifest);
  const isFloat = parameters.second === 'float';
  const { min, max } = secondRange(parameters);
  const first = classTable(parameters);
  const second = isFloat ? first : Uint8Array.from({ length: max - min + 1 }, (_, index) => (min + index === 0 ? 0 : min + index < 0 ? 1 : 2));
  const secondNames: readonly string[] = isFloat ? floatClasses : ['zero', 'negative', 'positive'];
  const pairs = new Float64Array(25);
  const rounding = roundingCounter(parameters);
  const significands = Int32Array.from(first, (_, code) => finiteSignificand(code, parameters));
  const secondSignificands = isFloat ? significands : Int32Array.from(second, (_, index) => Math.abs(min + index));
  const exponents = Int32Array.from(first, (_, code) => decodeFloat(code, parameters).exponent);
  const named = classesOf(parameters).flatMap(a => (isFloat ? classesOf(parameters) : secondNames.filter(name => name !== 'negative' || min < 0)).map(b => ({
    bin: `operands: ${a} x ${b}`, at: 5 * floatClasses.indexOf(a) + secondNames.indexOf(b),
  })));
  return {
    get bins() {
      return [...named.map(({ bin }) => bin), ...(rounding?.bins ?? [])];
    },
    add: inputs => {
      const [a, b] = [operands(inputs, 'in_a'), operands(inputs, 'in_b')];
      for (let index = 0; index < a.length; index++) {
        const i = a[index] ?? 0;
        const j = (b[index] ?? 0) - min;
        const at = 5 * (first[i] ?? 0) + (second[j] ?? 0);
        pairs[at] = (pairs[at] ?? 0) + 1;
        if (rounding?.takes() !== true) continue;
        const x = significands[i] ?? 0;
        const y = secondSignificands[j] ?? 0;
        if (x >= 0 && y >= 0) rounding.add(x * y, (exponents[i] ?? 0) + (isFloat ? exponents[j] ?? 0 : 0));
      }
    },
    counts: () => Object.fromEntries([...named.map(({ bin, at }) => [bin, pairs[at] ?? 0] as const), ...(rounding?.byBin() ?? [])]),
  };
}

/** The significand of a finite code, 0 of one that is flushed; -1 of any other. */
function finiteSignificand(code: number, parameters: FloatMulParameters): number {
  const { class: kind, significand } = decodeFloat(code, parameters);
  if (kind === 'infinity' || kind === 'nan') return -1;
  return kind === 'subnormal' && parameters.subnormals === 'flush' ? 0 : significand;
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = floatMulParameters(manifest);
  const [a, b] = [operands(inputs, 'in_a')[outputIndex], operands(inputs, 'in_b')[outputIndex]];
  if (a === undefined || b === undefined) return [`Output beat ${outputIndex} belongs to no input that was given.`];
  const isFloat = parameters.second === 'float';
  const lines = [`a ${codeText(a, parameters)}`, isFloat ? `b ${codeText(b, parameters)}` : `b ${b}`];
  const expected = new FloatMulModel(parameters).process(Uint32Array.of(a), Int32Array.of(b))[0] ?? 0;
  if (parameters.result === 'exact') return [...lines, `product 0x${expected.toString(16).toUpperCase()}`];
  const [x, y] = [finiteSignificand(a, parameters), isFloat ? finiteSignificand(b, parameters) : Math.abs(b)];
  const exact = { significand: x * y, exponent: decodeFloat(a, parameters).exponent + (isFloat ? decodeFloat(b, parameters).exponent : 0) };
  const number = x < 0 || y < 0 ? undefined : rounderOf(parameters)?.caseOf(exact.significand, exact.exponent);
  return [
    ...lines, ...(number === undefined ? [] : [`exact ${x} * ${y} * 2^${exact.exponent} = ${exact.significand * 2 ** exact.exponent}; ${caseBins(number).join('; ')}`]),
    `product ${codeText(expected, resultFormat(parameters, parameters.result))}`,
  ];
}

/** The floating multiplier: codes `in_a` and `in_b` (or an integer), code `out_product`. */
export const floatMul: Unit = { name: 'float-mul', summary: 'product of two small floats, or of a float and an integer', golden, stimulus, coverage, explain };
