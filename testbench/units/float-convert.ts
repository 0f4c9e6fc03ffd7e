import { decodeFloat, FloatConvertModel, FloatRounder, floatWidth, type FloatConvertParameters } from '../../golden/index.js';
import type { Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { createStimulus } from '../stimulus.js';
import type { CoverageModel, Unit } from '../unit.js';
import { caseBins, classesOf, codeText, drawCode, edgeCodes, RoundingCounter, type Exact } from './float-cases.js';
import { floatConvertParameters } from './parameters.js';

function valuesOf(streams: Streams): Uint32Array {
  const data = streams.in?.ports.in_value;
  if (data instanceof Uint32Array) return data;
  throw new TestbenchError('usage', `A floating conversion takes the stream in with in_value; given are ${Object.keys(streams).join(', ') || 'none'}.`);
}

/** A finite code as a number, a subnormal one as 0 where it is flushed; undefined for any other. */
function exactOf(code: number, { from, subnormals }: FloatConvertParameters): (Exact & { readonly code: number }) | undefined {
  const { class: kind, significand, exponent } = decodeFloat(code, from);
  if (kind === 'infinity' || kind === 'nan') return undefined;
  return { code, significand: kind === 'subnormal' && subnormals === 'flush' ? 0 : significand, exponent };
}

/** Codes among which every case is: all of few, else edges, and mantissas with few bits apart at every exponent. */
function* directedCodes(parameters: FloatConvertParameters): Generator<Exact & { readonly code: number }, void, void> {
  const { from, to } = parameters;
  const magnitudes = 2 ** (floatWidth(from) - 1);
  const hidden = 2 ** from.mantissaBits;
  const dropped = Math.max(0, from.mantissaBits - to.mantissaBits);
  const tails = [0, 1, 2 ** Math.max(0, dropped - 1) - 1, 2 ** Math.max(0, dropped - 1), 2 ** Math.max(0, dropped - 1) + 1, hidden - 1, hidden - 2, 2 ** dropped, 3 * 2 ** Math.max(0, dropped - 1), hidden / 2, hidden - 2 ** Math.max(0, dropped - 1), hidden - 2 ** Math.max(0, dropped - 1) - 1];
  const codes = magnitudes <= 2 ** 16
    ? Array.from({ length: magnitudes }, (_, code) => code)
    : [...edgeCodes(from), ...Array.from({ length: 2 ** from.exponentBits }, (_, field) => [...tails, ...Array.from({ length: from.mantissaBits + 1 }, (_unused, bit) => [2 ** bit, 2 ** bit - 1, 3 * 2 ** bit]).flat()].map(mantissa => field * hidden + (mantissa % hidden))).flat()];
  for (const code of codes) {
    const exact = exactOf(code, parameters);
    if (exact !== undefined) yield exact;
  }
}

function roundingCounter(parameters: FloatConvertParameters): RoundingCounter<Exact & { readonly code: number }> {
  return new RoundingCounter(new FloatRounder(parameters.to, parameters), directedCodes(parameters), 32, { min: 0, count: 0 });
}

function coverage(manifest: Manifest): CoverageModel {
  const parameters = floatConvertParameters(manifest);
  const counts = new Map(classesOf(parameters.from).map(name => [`operand: ${name}`, 0]));
  const rounding = roundingCounter(parameters);
  return {
    get bins() {
      return [...counts.keys(), ...rounding.bins];
    },
    add: inputs => {
      for (const code of valuesOf(inputs)) {
        const { class: kind } = decodeFloat(code, parameters.from);
        const bin = `operand: ${kind}`;
        counts.set(bin, (counts.get(bin) ?? 0) + 1);
        const exact = exactOf(code, parameters);
        if (exact !== undefined) rounding.add(exact.significand, exact.exponent);
      }
    },
    counts: () => Object.fromEntries([...counts, ...rounding.byBin()]),
  };
}

/** The floating conversion: codes `in_value`, codes `out_value`. */
export const floatConvert: Unit = {
  name: 'float-convert',
  summary: 'a small float in another format',
  golden: manifest => {
    const model = new FloatConvertModel(floatConvertParameters(manifest));
    return {
      process: inputs => {
        const values = model.process(valuesOf(inputs));
        return { out: { count: values.length, ports: { out_value: values } } };
      },
    };
  },
  stimulus: manifest => {
    const parameters = floatConvertParameters(manifest);
    const edges = edgeCodes(parameters.from);
    return {
      ...createStimulus(manifest),
      corners: () => {
        const values = Uint32Array.from([...edges, ...roundingCounter(parameters).examples.map(({ code }) => code)]);
        return { in: { count: values.length, ports: { in_value: values } } };
      },
      random: (random, count) => ({ in: { count, ports: { in_value: Uint32Array.from({ length: count }, () => drawCode(random, parameters.from, edges)) } } }),
    };
  },
  coverage,
  explain: (manifest, inputs, outputIndex) => {
    const parameters = floatConvertParameters(manifest);
    const code = valuesOf(inputs)[outputIndex];
    if (code === undefined) return [`Output beat ${outputIndex} belongs to no input that was given.`];
    const exact = exactOf(code, parameters);
    return [
      `value ${codeText(code, parameters.from)}`,
      ...(exact === undefined ? [] : [caseBins(new FloatRounder(parameters.to, parameters).caseOf(exact.significand, exact.exponent)).join('; ')]),
      `becomes ${codeText(new FloatConvertModel(parameters).convert(code), parameters.to)}`,
    ];
  },
};
