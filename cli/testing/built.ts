import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The built command. */
export const program = join(root, 'dist', 'cli', 'main.js');

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return newest(path);
    return entry.name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(entry.name) ? statSync(path).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}

/** Builds the command if it is older than its sources; `make test` has built it before. */
export function buildCommand(): void {
  const sources = Math.max(...['cli', 'generators', 'golden', 'hdl', 'testbench'].map(room => newest(join(root, room))));
  const built = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= sources) return;
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}`);
}

/** What a process of the command left. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called once with the child, and with each piece of standard error. */
  readonly onStderr?: (child: ChildProcess, text: string) => void;
  /** Close the read end of standard output at once. */
  readonly closeStdout?: boolean;
}

/** Runs the built command as a process of its own. */
export function runCommand(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const begin = performance.now();
  const child = spawn(process.execPath, [program, ...args], { cwd: options.cwd, env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  if (options.closeStdout === true) child.stdout.destroy();
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(child, text);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr, seconds: (performance.now() - begin) / 1000 }));
  });
}
