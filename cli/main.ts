#!/usr/bin/env node
import { run } from './run.js';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Who asks twice does not want to wait for the cleaning up.
    if (interrupt.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    interrupt.abort(name);
  });
}

// A reader that has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const { columns } = process.stdout;
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
  isTerminal: process.stderr.isTTY,
  columns: Math.min(Math.max(process.stdout.isTTY ? columns : 100, 60), 140),
  color: process.stdout.isTTY && process.stdout.hasColors() && !process.env.NO_COLOR,
  environment: process.env,
});
