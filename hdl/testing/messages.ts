import { HdlError, elaborate, generator, type Design, type ModuleBuilder, type Ports } from '../index.js';
import type { Io } from '../generator.js';
import { Site } from '../site.js';

/** Where the test that calls this stands: `file.ts:line`. */
export function here(): string {
  return new Site().place();
}

/** The text of the error that `act` throws. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof HdlError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A design of one module called `unit`. */
export function design<Q extends Ports>(ports: Q, build: (m: ModuleBuilder, io: Io<Q>) => void): Design {
  return elaborate(generator({ name: 'unit', doc: 'For a test.', params: {}, ports: () => ports, build: (m, io) => { build(m, io); } }));
}

/** What the type checker would refuse, for what only shows while running. */
export function untyped(value: unknown): never {
  return value as never;
}
