import type { Expression } from './expression.js';
import type { Module } from './module.js';
import type { Signal } from './signal.js';
import type { Site } from './site.js';

/** A module inside a module. */
export interface Instance {
  readonly name: string;
  readonly module: Module;
  /** What each input of the module is connected to: a value of its width, or a clock. */
  readonly inputs: ReadonlyMap<string, Expression | Signal>;
  /** The wire of the parent that each output is connected to. */
  readonly outputs: ReadonlyMap<string, Signal>;
  readonly site: Site;
}
