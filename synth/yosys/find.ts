import { join } from 'node:path';
import { askedOnce } from '../../system/asked-once.js';
import { packageRoot } from '../../system/package-root.js';
import { SynthesisError } from '../error.js';
import { commandWords, versionLine, type Program } from '../program.js';

/** Yosys as it was found. */
export interface Yosys extends Program {
  /** Is it the one of the npm package? Its files are at `/`, not at a path of the machine. */
  readonly embedded: boolean;
}

/** The oldest native Yosys that is taken. */
export const oldestYosys = [0, 23] as const;

const hint = 'Install Yosys 0.23 or newer (Debian, Ubuntu: apt-get install yosys; macOS: brew install yosys), or run npm install, which brings the embedded one.';

/**
 * The Yosys of synthesis and proofs: what `YOSYS` of the environment names (`embedded` for that of the npm package), else the native one on the PATH if it is
 * 0.23 or newer, else the embedded one. Asked once per process and setting.
 * @throws SynthesisError of kind 'tool' where there is none
 */
export const findYosys = askedOnce(['YOSYS', 'PATH'], lookUp);

async function lookUp(environment: NodeJS.ProcessEnv): Promise<Yosys> {
  const wanted = environment.YOSYS ?? '';
  if (wanted !== '' && wanted !== 'embedded') {
    const native = await nativeYosys(commandWords(wanted));
    if (native !== undefined) return native;
    throw new SynthesisError('tool', `YOSYS is '${wanted}', which does not start or is older than Yosys ${oldestYosys.join('.')}.`, { hint });
  }
  const native = wanted === 'embedded' ? undefined : await nativeYosys(['yosys']);
  if (native !== undefined) return native;
  const command = [process.execPath, join(packageRoot(), 'synth', 'yosys', 'embedded.mjs')];
  const version = await versionLine(command, '-V');
  if (version === undefined) throw new SynthesisError('tool', 'Yosys was not found, neither on the PATH nor as the npm package @yowasp/yosys.', { hint });
  return { name: 'yosys', command, version: `${version.replace(/ \(.*$/, '')} (embedded)`, embedded: true };
}

async function nativeYosys(command: readonly string[]): Promise<Yosys | undefined> {
  const version = await versionLine(command, '-V');
  const [, major = '', minor = ''] = /^Yosys (\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (version === undefined || major === '') return undefined;
  const [least, leastMinor] = oldestYosys;
  const isNewEnough = Number(major) > least || (Number(major) === least && Number(minor) >= leastMinor);
  return isNewEnough ? { name: 'yosys', command, version: version.replace(/ \(.*$/, ''), embedded: false } : undefined;
}
