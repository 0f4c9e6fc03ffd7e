import { bits, bool, generator, input, output, p, s, vec } from '../../hdl/index.js';
import { accumulator } from '../arithmetic/accumulator.js';
import { planeContradictions, planeFormats, planeParameters, productInterval, signedWidth } from '../arithmetic/bit-planes.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { targetParameters } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';

/**
 * Inner product of `length` elements that are kept as bit-planes: Σ_i Σ_j da[i] · dw[j] · D(i, j) over the planes, D by counting ones (see
 * `docs/xnor-conv.md`). Arithmetic: US 2021/0064920 A1.
 *
 * `in_activation`, `in_weight`: planes of `length` bits, plane 0 in the low bits; `in_mask`: elements that count; `out_sum`: two's complement, as wide as
 * the sums that can occur. `accumulate` as of `mac-tree`.
 */
export const xnorDot = generator({
  name: 'xnor-dot',
  doc: 'Inner product of bit-planes of activations and weights, by counting ones.',
  params: {
    length: p.int({ default: 64, min: 1, max: 4096, doc: 'elements of a beat' }),
    ...planeParameters,
    mask: p.bool({ default: false, doc: 'an input in_mask says which elements count' }),
    accumulate: p.choiceOrInt(['off'], {
      default: 'off', min: 0, max: 16, doc: 'guard bits of an accumulator over the beats up to one with in_last, or off',
    }),
    ...flowParameters,
    ...targetParameters,
  },
  check: P => [
    ...planeContradictions(P),
    ...flowContradictions(P),
    ...(P.accumulate !== 'off' && P.pipeline === 'none'
      ? [{ parameter: 'pipeline' as const, message: 'pipeline \'none\' has no registers, and accumulate needs one', hint: 'use pipeline \'output\', \'full\' or a number' }]
      : []),
  ],
  ports: P => ({
    ...inputPorts(P),
    in_activation: input(vec(P.activationPlanes, bits(P.length)), 'planes of activations, plane 0 in the low bits'),
    in_weight: input(vec(P.weightPlanes, bits(P.length)), 'planes of weights, plane 0 in the low bits'),
    in_mask: P.mask ? input(bits(P.length), 'elements that count') : undefined,
    in_last: P.accumulate === 'off' ? undefined : input(bool, 'the beat ends an inner product'),
    ...outputPorts(P),
    out_sum: output(
      s(signedWidth(productInterval(planeFormats(P), P.length)) + (P.accumulate === 'off' ? 0 : P.accumulate)),
      P.accumulate === 'off' ? 'inner product' : 'sum of the inner products of all beats up to the last',
    ),
  }),
  build(m, io, P) {
    const formats = planeFormats(P);
    const pipe = new Pipeline(m, io, P, io.in_last);
    const { add, planeProducts } = strategiesFor(m, P.target, false);
    // Planes with the distance 0 are not read.
    m.unused(io.in_activation, io.in_weight, ...(io.in_mask === undefined ? [] : [io.in_mask]));
    const [product] = planeProducts(pipe, { formats, activation: [...io.in_activation], weights: [[...io.in_weight]], mask: io.in_mask });
    if (product === undefined) throw new TypeError('an inner product without a channel');
    const width = signedWidth(productInterval(formats, P.length));
    const sum = P.accumulate === 'off' ? pipe.end().enter(product.name, product.value) : accumulator(m, pipe, product, add, s(width + P.accumulate));
    io.out_sum.drive(sum);
    pipe.promise(['in_activation', 'in_weight', ...(P.mask ? ['in_mask'] : []), ...(P.accumulate === 'off' ? [] : ['in_last'])], ['out_sum']);
  },
});
