import { bits, generator, int, input, output, p, s, u, vec } from '../../hdl/index.js';
import { planeFormats, productInterval, signedWidth } from '../../generators/arithmetic/bit-planes.js';
import { strategiesFor } from '../../generators/arithmetic/strategies.js';
import { targetParameters } from '../../generators/arithmetic/strategy.js';
import { Pipeline, flowParameters, inputPorts, outputPorts } from '../../generators/arithmetic/stream.js';

/** Parts of units as modules of their own, so that they can be measured alone. */

/** Counts the ones of a pattern. */
export const onesCounter = generator({
  name: 'ones-counter',
  doc: 'The number of ones of a pattern.',
  params: { length: p.int({ default: 64, min: 1, max: 4096, doc: 'bits of the pattern' }), ...flowParameters, ...targetParameters },
  ports: P => ({
    ...inputPorts(P), in_pattern: input(bits(P.length), 'pattern'), ...outputPorts(P), out_count: output(u(P.length.toString(2).length), 'its ones'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const [count] = strategiesFor(m, P.target, false).countOnes(pipe, [{ name: 'pattern', pattern: io.in_pattern }]);
    io.out_count.drive(pipe.end().enter('count', count ?? int(0)));
    pipe.promise(['in_pattern'], ['out_count']);
  },
});

/** Inner products of one vector of activations with the weights of several filters, all of +1 and -1. */
export const planeFilters = generator({
  name: 'plane-filters',
  doc: 'Inner products of bit-planes of activations with the weights of several filters.',
  params: {
    filters: p.int({ default: 4, min: 1, max: 64, doc: 'filters' }), length: p.int({ default: 64, min: 1, max: 4096, doc: 'elements' }),
    planes: p.int({ default: 4, min: 1, max: 8, doc: 'planes of the activations' }), ...flowParameters, ...targetParameters,
  },
  ports: P => ({
    ...inputPorts(P),
    in_activation: input(vec(P.planes, bits(P.length)), 'planes of the activations'), in_weight: input(vec(P.filters, bits(P.length)), 'weights of each filter'),
    ...outputPorts(P), out_sum: output(vec(P.filters, s(signedWidth(productInterval(formatsOf(P.planes), P.length)))), 'inner products'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const products = strategiesFor(m, P.target, false).planeProducts(pipe, { formats: formatsOf(P.planes), activation: [...io.in_activation], weights: [...io.in_weight].map(weights => [weights]) });
    const end = pipe.end();
    io.out_sum.drive(products.map(({ name, value }) => end.enter(name, value)));
    pipe.promise(['in_activation', 'in_weight'], ['out_sum']);
  },
});

function formatsOf(activationPlanes: number): ReturnType<typeof planeFormats> {
  return planeFormats({ activationPlanes, weightPlanes: 1, activationAlphabet: 'pm1', weightAlphabet: 'pm1', activationDistances: [], weightDistances: [] });
}
