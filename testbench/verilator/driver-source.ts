import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.js';

/** A C++ source of the driver, as it is shipped with the package. */
export function driverSource(name: string): string {
  return join(packageRoot(), 'testbench', 'verilator', name);
}
