import type { Circuit } from './blast.js';
import { signaturesOf } from './patterns.js';

/**
 * Merges nodes that are equal, or inverse, under many inputs. Synthesis proves such equalities (`&scorr` of ABC); here what many inputs do not tell
 * apart is taken for equal, which is right for an estimate and for nothing else.
 */
export function sweep(circuit: Circuit): void {
  const { logic, origins } = circuit;
  const signatures = signaturesOf(circuit);
  const classes = new Map<number, number[]>();
  const flips = signatures.map(signature => (signature[0] ?? 0) & 1);
  for (let node = 0; node < logic.size; node++) {
    const [signature, flip] = [signatures[node], flips[node] ?? 0];
    if (signature === undefined) continue;
    const hash = hashOf(signature, flip);
    const others = classes.get(hash) ?? [];
    classes.set(hash, others);
    const cell = origins.get(node)?.cell;
    const isFree = logic.operandsOf(node) === undefined && cell?.kind !== 'chain' && cell?.kind !== 'lookahead';
    const equal = isFree ? undefined : others.find(other => isEqual(signature, signatures[other] ?? signature, flip ^ (flips[other] ?? 0)));
    if (equal === undefined) others.push(node);
    else logic.merge(node, 2 * equal + (flip ^ (flips[equal] ?? 0)));
  }
}

function hashOf(signature: Int32Array, flip: number): number {
  let hash = 0x811c9dc5 | 0;
  for (const word of signature) hash = Math.imul(hash, 0x01000193) ^ word ^ -flip;
  return hash;
}

function isEqual(signature: Int32Array, other: Int32Array, flip: number): boolean {
  return signature.every((word, i) => word === ((other[i] ?? 0) ^ -flip));
}
