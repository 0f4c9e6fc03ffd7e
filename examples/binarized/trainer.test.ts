import { describe, expect, it } from 'vitest';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { networkPlans } from './plan.js';
import { trainNetwork } from './trainer.js';

describe('trainNetwork', () => {
  it('learns, and the same digits and seed give the same network', () => {
    const digits = sliceDigits(readDigits('training'), 0, 400);
    for (const plan of networkPlans.slice(0, 1)) {
      const rights: number[] = [];
      const train = (): ReturnType<typeof trainNetwork> => trainNetwork(plan, digits, { seed: 3, epochs: 3, batch: 20, learningRate: 0.02, progress: (_, __, right) => rights.push(right) });
      const layers = train();
      expect(rights[2]).toBeGreaterThan(0.6);
      expect(layers.map(({ weightCodes }) => weightCodes.length)).toEqual([16 * 25, 32 * 144, 10 * 49 * 32]);
      expect(train()).toEqual(layers);
    }
  });
});
