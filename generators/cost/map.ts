import type { Design } from '../../hdl/index.js';
import { blast } from './blast.js';
import type { Mapped } from './cells.js';
import { cover } from './cover.js';
import type { Device } from './device.js';
import { needsOf } from './needs.js';
import { sweep } from './sweep.js';

/** Designs of more nodes are not mapped: it would take longer than their synthesis is worth waiting for. */
const mostNodes = 200_000;

/**
 * The cells of a device that a design will be.
 * @param dsp whether products go into hard multipliers
 * @returns undefined for a design of more than 200,000 nodes of logic
 */
export function mappedTo(design: Design, device: Device, dsp: boolean): Mapped | undefined {
  const circuit = blast(design, device, dsp);
  if (circuit.logic.size > mostNodes) return undefined;
  sweep(circuit);
  const needs = needsOf(circuit);
  return { circuit, needs, cover: cover(circuit, needs, device) };
}
