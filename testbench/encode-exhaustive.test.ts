import { describe, expect, it } from 'vitest';
import { evaluateUnit } from '../generators/index.js';
import {
  activationCode, activationCodes, activationRange, activationRoundings, activationShifts, decodeActivationCode, decodedValue, encodeActivation,
  type ActivationParameters,
} from '../golden/index.js';

const modes = [false, true].flatMap(activationSigned => activationRoundings.flatMap(rounding =>
  activationShifts.map(shift => ({ activationSigned, rounding, shift }))));
const formats = (activationBits: number, kept: readonly number[]): readonly ActivationParameters[] =>
  modes.flatMap(mode => kept.map(keptBits => ({ activationBits, keptBits, ...mode })));

const combinational = { flow: 'none', pipeline: 'none' } as const;

/** All numbers of a range, in beats of so many lanes; the last beat is filled up with the last number. */
function* beatsOf(min: number, max: number, lanes: number): Generator<readonly number[]> {
  for (let first = min; first <= max; first += lanes) yield Array.from({ length: lanes }, (_, lane) => Math.min(first + lane, max));
}

/** Compares the codes of all activations with the golden model's; gives how many. */
function compareCodes(format: ActivationParameters): number {
  const lanes = 32;
  const unit = evaluateUnit('activation-encoder', { ...combinational, lanes, ...format });
  const { min, max } = activationRange(format);
  for (const activations of beatsOf(min, max, lanes)) {
    const codes = unit.set('in_activation', activations).getNumbers('out_code');
    activations.forEach((activation, lane) => {
      const expected = BigInt(activationCode(activation, format));
      if (codes[lane] !== expected) expect.fail(`the code of ${activation} is ${codes[lane]}, and should be ${expected}`);
    });
  }
  return max - min + 1;
}

describe('the encoder gives the golden model\'s code of every activation', () => {
  it.each(formats(8, [1, 2, 3, 4, 5, 6, 7, 8]))('%j', format => {
    expect(compareCodes(format)).toBe(256);
  });

  it.each(formats(16, [1, 4, 7, 11]))('%j', format => {
    expect(compareCodes(format)).toBe(65536);
  });
});

describe('the MAC tree multiplies the golden model\'s value of every activation and every code', () => {
  it.each(formats(8, [1, 3, 4, 8]))('%j', format => {
    const inside = evaluateUnit('mac-tree', { ...combinational, lanes: 2, ...format }).set('in_weight', [1, -128]);
    const { min, max } = activationRange(format);
    for (let activation = min; activation <= max; activation++) {
      const sum = inside.set('in_activation', [activation, 0]).getNumber('out_sum');
      if (sum !== BigInt(decodedValue(encodeActivation(activation, format)))) expect.fail(`${activation} counts as ${sum}`);
    }
    const outside = evaluateUnit('mac-tree', { ...combinational, lanes: 2, encoding: 'outside', ...format }).set('in_weight', [-128, 1]);
    const codes = activationCodes(format);
    const zero = activationCode(0, format);
    for (const code of codes) {
      const sum = outside.set('in_activation', [zero, code]).getNumber('out_sum');
      if (sum !== BigInt(decodedValue(decodeActivationCode(code, format)))) expect.fail(`the code ${code} counts as ${sum}`);
    }
    expect(codes.length).toBeGreaterThan(1);
  });
});
