import { join } from 'node:path';
import { askedOnce } from '../../system/asked-once.js';
import { packageRoot } from '../../system/package-root.js';
import { SynthesisError } from '../error.js';
import { commandWords, versionLine, type Program } from '../program.js';

/** z3 as it was found. */
export interface Solver extends Program {
  /** Is it the one of the npm package? */
  readonly embedded: boolean;
}

const hint = 'Install z3 (Debian, Ubuntu: apt-get install z3; macOS: brew install z3), or run npm install, which brings the embedded one.';

/**
 * The z3 of proofs: what `Z3` of the environment names (`embedded` for that of the npm package), else the native one on the PATH, else the embedded one. Asked
 * once per process and setting.
 * @throws SynthesisError of kind 'tool' where there is none
 */
export const findSolver = askedOnce(['Z3', 'PATH'], lookUp);

async function lookUp(environment: NodeJS.ProcessEnv): Promise<Solver> {
  const wanted = environment.Z3 ?? '';
  if (wanted !== 'embedded') {
    const command = wanted === '' ? ['z3'] : commandWords(wanted);
    const version = await versionLine(command, '--version');
    if (version?.startsWith('Z3 ') === true) return { name: 'z3', command, version: shortened(version), embedded: false };
    if (wanted !== '') throw new SynthesisError('tool', `Z3 is '${wanted}', which does not start or is not z3.`, { hint });
  }
  const command = [process.execPath, join(packageRoot(), 'synth', 'smt', 'embedded.mjs')];
  const version = await versionLine(command, '--version');
  if (version === undefined) throw new SynthesisError('tool', 'z3 was not found, neither on the PATH nor as the npm package z3-solver.', { hint });
  return { name: 'z3', command, version: `${shortened(version)} (embedded)`, embedded: true };
}

function shortened(version: string): string {
  return version.replace(/^Z3 version (\S+).*$/, 'Z3 $1');
}
