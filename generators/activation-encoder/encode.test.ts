import { expect, it } from 'vitest';
import { elaborate, evaluate, generator, input, output, u } from '../../hdl/index.js';
import { shiftLeft } from '../arithmetic/shifter.js';
import { shiftStep, type ActivationFormat } from './activation-code.js';
import { keepMagnitude, placedMagnitude } from './encode.js';

const formats = [[8, 4], [8, 1], [8, 8], [7, 3], [5, 4]].flatMap(([activationBits = 8, keptBits = 4]) => (['truncate', 'unbiased'] as const).flatMap(rounding =>
  (['leading-one', 'fixed'] as const).map((shift): ActivationFormat => ({ activationBits, keptBits, rounding, shift, activationSigned: false }))));

it.each(formats)('$activationBits bits, $keptBits kept, $rounding, $shift: what is masked in its place is what is kept and shifted back', format => {
  const unit = evaluate(elaborate(generator({
    name: 'block', doc: 'A magnitude both ways.', params: {},
    ports: () => ({ magnitude: input(u(format.activationBits)), shifted: output(u(2 * format.activationBits)), placed: output(u(format.activationBits)) }),
    build(_, io) {
      const { kept, amount } = keepMagnitude(io.magnitude, format);
      io.shifted.drive(shiftLeft(kept, amount, { step: shiftStep(format), within: u(2 * format.activationBits) }));
      io.placed.drive(placedMagnitude(io.magnitude, format) ?? 0);
    },
  })));
  for (let magnitude = 0; magnitude < 2 ** format.activationBits; magnitude++) {
    unit.set('magnitude', magnitude);
    expect(unit.getNumber('placed'), `${magnitude}`).toBe(unit.getNumber('shifted'));
  }
});
