import { ActivationEncoderModel, activationCode, encodeActivation } from '../../golden/index.js';
import type { Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import { createStimulus } from '../stimulus.js';
import type { Unit } from '../unit.js';
import { activationCounter } from './activation-cases.js';
import { activationParameters } from './parameters.js';

function activationsOf(inputs: Streams): Int32Array | Uint32Array {
  const data = inputs.in?.ports.in_activation;
  if (data instanceof Int32Array || data instanceof Uint32Array) return data;
  throw new TestbenchError('usage', `An activation encoder takes the stream in with in_activation; given are ${Object.keys(inputs).join(', ') || 'none'}.`);
}

/** The activation encoder: activations in, code words out, lane by lane. */
export const activationEncoder: Unit = {
  name: 'activation-encoder',
  summary: 'activations to the short codes that a MAC tree with outside encoding takes',
  golden: manifest => {
    const model = new ActivationEncoderModel(activationParameters(manifest));
    return { process: inputs => ({ out: { count: inputs.in?.count ?? 0, ports: { out_code: model.process(activationsOf(inputs)) } } }) };
  },
  stimulus: manifest => createStimulus(manifest),
  coverage: manifest => {
    const counter = activationCounter(activationParameters(manifest));
    return { bins: counter.bins, add: inputs => counter.add(activationsOf(inputs)), counts: () => Object.fromEntries(counter.byBin()) };
  },
  explain: (manifest, inputs, outputIndex) => {
    const parameters = activationParameters(manifest);
    const activations = activationsOf(inputs);
    const lanes = activations.length / (inputs.in?.count ?? 1);
    return Array.from(activations.subarray(outputIndex * lanes, (outputIndex + 1) * lanes), (activation, lane) => {
      const { sign, q, s } = encodeActivation(activation, parameters);
      return `lane ${lane}: activation ${activation} as ${sign === 1 ? '-' : ''}${q} << ${s}, code ${activationCode(activation, parameters)}`;
    });
  },
};
