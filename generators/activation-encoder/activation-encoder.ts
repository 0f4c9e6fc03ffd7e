import { generator, input, output, p, s, u, vec } from '../../hdl/index.js';
import { targetParameters } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';
import { activationContradictions, activationParameters } from './activation-code.js';
import { codeType, packCode } from './code-word.js';
import { keepActivations } from './encode.js';

/**
 * Codes of activations for a `mac-tree` with `encoding` outside, so that memories hold the short form: 6 bits instead of 8 with `keptBits` 4.
 * `in_activation`: `lanes` activations; `out_code`: their codes, fields {sign, exponent, mantissa} as `codeFields` tells.
 */
export const activationEncoder = generator({
  name: 'activation-encoder',
  doc: 'Codes of activations: the few bits from the leading one down, and where they stand.',
  params: {
    ...activationParameters,
    lanes: p.int({ default: 1, min: 1, max: 4096, doc: 'activations in one beat' }),
    ...flowParameters,
    ...targetParameters,
  },
  check: P => [...activationContradictions(P), ...flowContradictions(P)],
  ports: P => ({
    ...inputPorts(P),
    in_activation: input(vec(P.lanes, P.activationSigned ? s(P.activationBits) : u(P.activationBits)), 'activations'),
    ...outputPorts(P),
    out_code: output(vec(P.lanes, codeType(P)), 'codes of the activations'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const { kept } = keepActivations(pipe, [...io.in_activation], P);
    const end = pipe.end();
    io.out_code.drive(kept.map((each, i) => end.enter(`code_${i}`, packCode(each, P))));
    pipe.promise(['in_activation'], ['out_code']);
  },
});
