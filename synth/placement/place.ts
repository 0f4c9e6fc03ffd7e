import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, checkRoom, contentHash, defaultCacheDirectory } from '../../system/cache.js';
import { runChild } from '../../system/child.js';
import { withScratch } from '../../system/scratch.js';
import { withinTime } from '../../system/time-limit.js';
import { SynthesisError } from '../error.js';
import type { Program } from '../program.js';
import type { Synthesis } from '../synthesize.js';
import { runYosys } from '../yosys/run.js';
import { criticalPath, type PathStep, type Report } from './critical-path.js';
import { devices, findNextpnr, type Device } from './find.js';
import { feederName, harness, harnessTop, idleUnit } from './harness.js';

/** A unit on a device. */
export interface Placement {
  readonly device: string;
  /** What is counted: LC of the iCE40. */
  readonly unit: string;
  /** Cells of the unit: those of the placed design without those of its harness. */
  readonly area: number;
  readonly harness: number;
  /** Clock of the whole in MHz, of the best seed. */
  readonly megahertz: number;
  readonly nanoseconds: number;
  readonly path: readonly PathStep[];
  readonly nextpnr: string;
}

export interface PlacementOptions {
  /** How many seeds are tried; the fastest counts. */
  readonly seeds?: number;
  /** Seconds after which a run of nextpnr is ended; `defaultPlacementTime` if not given. */
  readonly timeLimit?: number;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** Seconds of a run of nextpnr if nobody says: the largest trees that fit take a tenth. */
export const defaultPlacementTime = 600;

/** Raised when what is kept changes in a way that the hash does not see. */
const layout = '1';

/**
 * Places and routes a design in a harness of registers.
 * @throws SynthesisError of kind 'usage' where the target has no placement, the design does not fit the device or has several clocks; 'tool' where nextpnr is missing, fails or finds nothing within the time limit
 */
export async function place(synthesis: Synthesis, options: PlacementOptions = {}): Promise<Placement> {
  const { source, target, ports, clockPort, clocks, kinds, outputLuts } = synthesis;
  const nextpnr = await findNextpnr(target.name, options.signal);
  const device = devices[target.name];
  if (device === undefined) throw new TypeError(`${target.name} has no device`);
  if (clocks > 1 || (kinds.ff > 0 && clockPort === undefined)) throw new SynthesisError('usage', `${source.top} does not have one clock that is a port, which the harness of --pnr needs.`);
  const of = async (unit: string, seeds: number): Promise<readonly Report[]> => {
    const wrapped = `${unit}\n${harness(source.top, ports, clockPort)}`;
    const reports: Report[] = [];
    for (let seed = 1; seed <= seeds; seed++) reports.push(await placed(synthesis, nextpnr, device, wrapped, seed, options));
    return reports;
  };
  const used = ({ utilization }: Report): number => utilization[device.resource]?.used ?? 0;
  const [idle] = await of(idleUnit(source.top, ports, clockPort), 1);
  const reports = await of(source.verilog, options.seeds ?? 1);
  const fastest = reports.toSorted((a, b) => speed(b) - speed(a))[0];
  if (idle === undefined || fastest === undefined) throw new TypeError('nothing was placed');
  // A register of the harness behind a LUT of the unit shares its cell.
  const around = used(idle) - outputLuts;
  const megahertz = speed(fastest);
  return {
    device: device.name, unit: device.unit, area: Math.min(...reports.map(used)) - around, harness: around, megahertz, nanoseconds: 1000 / megahertz,
    path: criticalPath(fastest, source.verilog), nextpnr: nextpnr.version,
  };
}

function speed({ fmax }: Report): number {
  return Math.min(...Object.values(fmax).map(({ achieved }) => achieved));
}

async function placed({ source, target, dsp, yosys }: Synthesis, nextpnr: Program, device: Device, verilog: string, seed: number, options: PlacementOptions): Promise<Report> {
  const cacheDirectory = options.cacheDir ?? defaultCacheDirectory();
  const common = options.signal === undefined ? {} : { signal: options.signal };
  const script = [`read_verilog ${source.file.endsWith('.sv') ? '-sv ' : ''}design.v`, `${target.synthesis(dsp)} -top ${harnessTop}`, `setattr -mod -unset keep_hierarchy ${feederName}`, 'flatten', 'clean', 'write_json design.json'];
  const args = [...device.arguments, '--json', 'design.json', '--freq', '300', '--seed', String(seed), '--timing-allow-fail', '--report', 'report.json', '--quiet'];
  const key = contentHash([layout, yosys.version, nextpnr.version, ...script, ...args, verilog]);
  const { directory } = await cached(cacheDirectory, 'placement', key, async entry => {
    const { files } = await runYosys(() => script, { 'design.v': verilog }, ['design.json'], { yosys, cacheDir: cacheDirectory, ...common });
    await withScratch(join(cacheDirectory, 'tmp'), async folder => {
      for (const [name, content] of files) writeFileSync(join(folder, name), content);
      const { timeLimit = defaultPlacementTime } = options;
      const ended = await withinTime(timeLimit, options.signal, signal => runChild([...nextpnr.command, ...args], { cwd: folder, signal }));
      if (ended === undefined) throw new SynthesisError('tool', `${nextpnr.version} did not place and route ${source.top} in ${timeLimit} s.`);
      checkRoom(folder, cacheDirectory);
      if (ended.status !== 0) throw failureOf(nextpnr, device, source.top, ended.output);
      writeFileSync(join(entry, 'report.json'), readFileSync(join(folder, 'report.json')));
    });
  });
  return JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as Report;
}

function failureOf(nextpnr: Program, device: Device, top: string, output: string): SynthesisError {
  const problem = output.split('\n').find(line => line.startsWith('ERROR: '))?.replace('ERROR: ', '').replace(/[.\s]+$/, '') ?? 'it said nothing of the reason';
  if (/Unable to place|no BELs|too many|cannot place|Failed to expand region|out of .*resources/i.test(problem)) {
    return new SynthesisError('usage', `${top} is too large for the ${device.name}, or wants cells that it does not have: ${problem}.`);
  }
  return new SynthesisError('tool', `${nextpnr.version} failed on ${top}: ${problem}.`);
}
