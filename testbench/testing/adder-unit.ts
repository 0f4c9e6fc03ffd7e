import { createPortData, elementAt, type PortData } from '../beats.js';
import type { Manifest } from '../manifest.js';
import { createStimulus } from '../stimulus.js';
import type { Unit } from '../unit.js';

function sums(manifest: Manifest, a: PortData, b: PortData): PortData {
  const port = manifest.ports.find(candidate => candidate.name === 'out_sum');
  if (port === undefined) throw new Error('The adder has no out_sum.');
  const data = createPortData(port, a.length / port.elements);
  for (let index = 0; index < a.length; index++) {
    const sum = elementAt(a, index) + elementAt(b, index);
    if (data instanceof Int32Array || data instanceof Uint32Array) data[index] = Number(sum);
    else data[index] = sum;
  }
  return data;
}

/** The unit of the hand-written adders: what the verification is tested with. */
export const adderUnit: Unit = {
  name: 'hand-written',
  summary: 'lane-wise sums',
  golden: manifest => ({
    process: ({ in: beats }) => ({ out: { count: beats?.count ?? 0, ports: { out_sum: sums(manifest, beats?.ports.in_a ?? [], beats?.ports.in_b ?? []) } } }),
  }),
  stimulus: manifest => createStimulus(manifest),
  coverage: () => {
    let [beats, zeros] = [0, 0];
    return {
      bins: ['beats', 'zero sums', 'impossible'],
      add: (_inputs, { out }) => {
        beats += out?.count ?? 0;
        for (const sum of out?.ports.out_sum ?? []) if (BigInt(sum) === 0n) zeros++;
      },
      counts: () => ({ 'beats': beats, 'zero sums': zeros }),
    };
  },
  explain: (_manifest, { in: beats }, outputIndex) => [`a ${beats?.ports.in_a?.[outputIndex * 4]}, b ${beats?.ports.in_b?.[outputIndex * 4]}`],
};
