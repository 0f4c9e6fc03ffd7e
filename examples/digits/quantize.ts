import { quantizeSymmetric, quantizeToScale } from '../../golden/index.js';
import { classes, type ClassifierFile } from './classifier.js';
import type { LinearModel } from './softmax.js';

/** int8 weights and int32 biases. A pixel of 0..255 is taken as it is; it is worth 1/255, so a sum's step is worth weight scale / 255. */
export function quantizeClassifier(model: LinearModel, training: ClassifierFile['training']): ClassifierFile {
  const weights = quantizeSymmetric(model.weights, { bits: 8, signed: true }, 'nearest-even');
  const scale = weights.scale / 255;
  const pixels = model.weights.length / classes;
  return {
    training,
    scale,
    biases: [...quantizeToScale(model.biases, scale, { bits: 32, signed: true }, 'nearest-even')],
    weights: Array.from({ length: classes }, (_, k) => [...weights.values.subarray(k * pixels, (k + 1) * pixels)]),
  };
}

/** The text of the file: one line for each class. */
export function classifierText(file: ClassifierFile): string {
  const rows = file.weights.map(row => `    ${JSON.stringify(row)}`).join(',\n');
  return `{\n  "training": ${JSON.stringify(file.training)},\n  "scale": ${JSON.stringify(file.scale)},\n  "biases": ${JSON.stringify(file.biases)},\n  "weights": [\n${rows}\n  ]\n}\n`;
}
