#!/usr/bin/env node
import { signalExitCode, signalNames } from './error.js';
import { run } from './run.js';

const interrupt = new AbortController();
for (const name of signalNames) {
  process.on(name, () => {
    // Who asks twice does not want to wait for the cleaning up.
    if (interrupt.signal.aborted) process.exit(signalExitCode(name));
    interrupt.abort(name);
  });
}

const output = { failed: false };
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure.
  if (error.code === 'EPIPE' || output.failed) return;
  output.failed = true;
  process.exitCode = 3;
  process.stderr.write(`Error: Standard output cannot be written: ${error.message}.\n`);
});
// There is nowhere to say that nothing can be said.
process.stderr.on('error', () => undefined);

const { columns } = process.stdout;
const exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
  isTerminal: process.stderr.isTTY,
  columns: Math.min(Math.max(process.stdout.isTTY ? columns : 100, 60), 140),
  color: process.stdout.isTTY && process.stdout.hasColors() && !process.env.NO_COLOR,
  environment: process.env,
});
process.exitCode = output.failed ? 3 : exitCode;
