import type { Design } from '../../hdl/index.js';
import { areaOf, sharedLuts, type Mapped } from './cells.js';
import type { Primitive } from './circuit.js';
import { delaysIn, devices, levelDelays, partsOfLevel, type Device } from './device.js';
import { isConstant, nodeOf, type Literal } from './logic.js';
import { chainInputs, inputsOf } from './needs.js';
import { mappedTo } from './map.js';
import { levelsThrough } from './primitives.js';
import { longestPath, timingOf } from './timing.js';

/** What a design will cost on a device, as far as it can be said without synthesis. */
export interface Cost {
  readonly device: Device['name'];
  /** The one figure of area, in `unit`. */
  readonly area: number;
  readonly unit: Device['unit'];
  readonly flipFlops: number;
  readonly multipliers: number;
  readonly memoryBits: number;
  /** LUTs on the longest path; carry chains cost nothing. */
  readonly levels: number;
  /** Levels of logic on the longest path where eight bits of a carry chain count as one more: what the parameter `pipeline` counts. */
  readonly depth: number;
  /** The longest path from register to register, in nanoseconds; ports count as registers, as in the harness of `synth --pnr`. */
  readonly nanoseconds: number;
  /** The clock that this allows. */
  readonly megahertz: number;
}

export const deviceNames: readonly Device['name'][] = ['ice40', 'ecp5', 'xc7'];

export interface CostOptions {
  /** Whether products go into hard multipliers; true where absent. */
  readonly dsp?: boolean;
}

/**
 * Predicts what a design costs on a device, from its graph alone: it is flattened to single bits, adders become the carry chains that Yosys makes of
 * them, primitives count as they are, and the rest is covered by LUTs. The figures are those of `synth` within about 5 %.
 * @returns undefined for a design of more than 200,000 nodes of logic
 */
export function predictCost(design: Design, device: Device['name'], { dsp = true }: CostOptions = {}): Cost | undefined {
  const of = devices[device];
  const mapped = mappedTo(design, of, dsp);
  return mapped === undefined ? undefined : costOf(mapped, of);
}

function costOf(mapped: Mapped, device: Device): Cost {
  const { needs } = mapped;
  const cells = [...needs.cells];
  const memories = new Set(cells.filter(cell => cell.kind === 'memory').map(({ memory }) => memory));
  const area = areaOf[device.name](mapped);
  const nanoseconds = longestPath(mapped, timingOf(mapped, device, delaysIn(device, area))) / 1000;
  return {
    device: device.name, area, unit: device.unit,
    flipFlops: cells.filter(cell => cell.kind === 'register').length,
    multipliers: cells.filter(cell => cell.kind === 'multiplier').length,
    memoryBits: [...memories].reduce((total, { depth, width }) => total + depth * width, 0),
    levels: levelsOf(mapped, device, device.name === 'ice40' ? sharedLuts(mapped).luts : new Set()),
    depth: longestPath(mapped, timingOf(mapped, device, levelDelays(device))) / partsOfLevel, nanoseconds, megahertz: 1000 / nanoseconds,
  };
}

/** LUTs on the longest path: a sum bit of an iCE40 is one, and may be one with the LUT behind it; a carry cell of an ECP5 is one beside its carry. */
function levelsOf({ circuit: { logic, origins }, needs, cover: { luts } }: Mapped, device: Device, shared: ReadonlySet<number>): number {
  const levels = new Array<number>(logic.size).fill(0);
  const most = (literals: readonly Literal[]): number => literals.reduce((deepest, each) => Math.max(deepest, levels[nodeOf(each)] ?? 0), 0);
  const ofPrimitive = (cell: Primitive): number => Math.max(0, ...[...cell.inputs].map(([port, word]) => {
    const varying = word.map(literal => logic.resolve(literal)).filter(literal => !isConstant(literal));
    return varying.length === 0 ? 0 : most(varying) + levelsThrough(cell, port);
  }));
  const ofSum = device.name === 'xc7' ? 0 : 1;
  for (let node = 0; node < logic.size; node++) {
    if (needs.nodes[node] !== true) continue;
    const lut = luts.get(node);
    const origin = origins.get(node);
    if (lut !== undefined) {
      const own = shared.has(node) ? lut.leaves.map(leaf => (levels[leaf] ?? 0) - Number(origins.get(leaf)?.what === 'sum')) : lut.leaves.map(leaf => levels[leaf] ?? 0);
      levels[node] = 1 + Math.max(0, ...own);
    } else if (origin?.cell.kind === 'chain') {
      levels[node] = most(chainInputs(logic, origin.cell, 0, origin.place + 1)) + ofSum;
    } else if (origin !== undefined && origin.cell.kind !== 'register' && !(origin.cell.kind === 'memory' && origin.cell.isRegistered)) {
      levels[node] = origin.cell.kind === 'primitive' ? ofPrimitive(origin.cell) : most(inputsOf(logic, origin.cell));
    }
  }
  return most(needs.sinks.map(({ literal }) => literal));
}
