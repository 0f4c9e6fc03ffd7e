import type { PlaneFormat } from './bit-planes.js';

/** What of two planes is counted, and what it is multiplied with: D = pairs · pc(pair) + weights · pc(w) - activations · pc(a) - elements · n. */
export interface Kind {
  readonly counts: 'agreement' | 'both';
  readonly pairs: number;
  readonly weights: number;
  readonly activations: number;
  readonly elements: number;
}

export function kindOf(activation: PlaneFormat, weight: PlaneFormat, channels: number, isMasked: boolean): Kind {
  const [ofWeights, ofActivations, ofMask] = [weight.distances.length * channels, activation.distances.length, Number(isMasked)];
  switch (`${activation.alphabet} by ${weight.alphabet}` as const) {
    case 'pm1 by pm1': return { counts: 'agreement', pairs: 2, weights: 0, activations: 0, elements: 1 };
    case '01 by 01': return { counts: 'both', pairs: 1, weights: 0, activations: 0, elements: 0 };
    case '01 by pm1': return ofWeights + ofMask < ofActivations
      ? { counts: 'agreement', pairs: 1, weights: 1, activations: 0, elements: 1 }
      : { counts: 'both', pairs: 2, weights: 0, activations: 1, elements: 0 };
    case 'pm1 by 01': return ofActivations + ofMask < ofWeights
      ? { counts: 'agreement', pairs: 1, weights: 0, activations: -1, elements: 1 }
      : { counts: 'both', pairs: 2, weights: -1, activations: 0, elements: 0 };
  }
}
