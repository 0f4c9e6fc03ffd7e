/**
 * Symmetric quantization of real numbers: value ≈ scale · integer, one scale for a tensor, zero always exact (no zero point).
 * An activation that already is an integer, such as a pixel in 0..255, needs no quantization: it is taken as it is, and its scale is what one
 * step of it means (1/255 where the model was trained on pixels in 0..1).
 */
import { GoldenError } from './error.js';
import { formatMax, formatMin, type IntegerFormat, type Rounding } from './integer-format.js';

/** The integers of a tensor, in its order, and what one step is worth: value ≈ scale · integer. */
export interface QuantizedTensor {
  readonly format: IntegerFormat;
  /** Above 0. */
  readonly scale: number;
  readonly values: Int32Array;
}

/** x as an integer under the named rounding (`integer-format.ts`). Exact: x and its fraction are doubles. |x| below 2^53, else a GoldenError. */
export function roundReal(x: number, rounding: Rounding): number {
  const truncated = Math.trunc(x);
  if (!Number.isSafeInteger(truncated)) throw new GoldenError('operand', `A number to round has a magnitude below 2^53, not ${x}.`);
  const fraction = x - truncated;
  const away = truncated + Math.sign(fraction);
  switch (rounding) {
    case 'truncate': return truncated + 0;
    case 'floor': return Math.floor(x) + 0;
    case 'nearest-even': return (Math.abs(fraction) > 0.5 || (Math.abs(fraction) === 0.5 && truncated % 2 !== 0) ? away : truncated) + 0;
    case 'half-up': return (fraction >= 0.5 || fraction < -0.5 ? away : truncated) + 0;
  }
}

function checkFormat(format: IntegerFormat): void {
  if (!Number.isInteger(format.bits) || format.bits < 2 || format.bits > 32 || !format.signed) {
    throw new GoldenError('parameter', `Symmetric quantization gives signed integers of 2..32 bits, not ${format.signed ? 'signed' : 'unsigned'} ones of ${format.bits}.`);
  }
}

/**
 * The scale that brings the largest magnitude of a tensor to the largest integer of the format, 2^(bits-1) - 1 (so the most negative integer
 * stays unused, and the range is symmetric). A tensor of zeros has scale 1. `format` is signed, 2..32 bits; the values are finite, the largest
 * magnitude is 0 or at least 1e-290 (so that the scale is a normal double); else a GoldenError.
 */
export function symmetricScale(values: ArrayLike<number>, format: IntegerFormat): number {
  checkFormat(format);
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index] ?? 0);
    if (!Number.isFinite(magnitude)) throw new GoldenError('operand', `Element ${index} of the tensor to quantize is not a finite number.`);
    largest = Math.max(largest, magnitude);
  }
  if (largest > 0 && largest < 1e-290) throw new GoldenError('operand', `The largest magnitude of a tensor to quantize is 0 or at least 1e-290, not ${largest}.`);
  return largest === 0 ? 1 : largest / Number(formatMax(format));
}

/**
 * Quantizes a tensor with one scale, its `symmetricScale`: each integer is value / scale under the named rounding. With `nearest-even` or
 * `half-up` |value - scale · integer| is at most scale / 2 (and the rounding error of a double). Throws like `symmetricScale`.
 */
export function quantizeSymmetric(values: ArrayLike<number>, format: IntegerFormat, rounding: Rounding): QuantizedTensor {
  const scale = symmetricScale(values, format);
  return { format, scale, values: quantizeToScale(values, scale, format, rounding) };
}

/**
 * value / scale under the named rounding, for a scale that is given: a bias in the units of an accumulator has the scale of its products,
 * weight scale · activation scale. Saturates nothing: an integer that the format does not hold is a GoldenError, because a bias that does not
 * fit its accumulator is a mistake of the model. `format` is signed, 2..32 bits.
 */
export function quantizeToScale(values: ArrayLike<number>, scale: number, format: IntegerFormat, rounding: Rounding): Int32Array {
  checkFormat(format);
  if (!(scale > 0) || !Number.isFinite(scale)) throw new GoldenError('parameter', `A scale is a finite number above 0, not ${scale}.`);
  const [min, max] = [Number(formatMin(format)), Number(formatMax(format))];
  return Int32Array.from({ length: values.length }, (_, index) => {
    const integer = roundReal((values[index] ?? 0) / scale, rounding);
    if (integer < min || integer > max) throw new GoldenError('operand', `Element ${index} is ${integer} steps of the scale, outside ${min}..${max}.`);
    return integer;
  });
}

/** scale · integer for each element. */
export function dequantize(tensor: QuantizedTensor): Float64Array {
  return Float64Array.from(tensor.values, integer => integer * tensor.scale);
}
