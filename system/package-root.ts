import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReportedError } from './error.js';

/** The directory of our package.json, whether this code runs from its source or from `dist/`. */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory;
    if (dirname(directory) === directory) throw new ReportedError('tool', `No package.json stands above ${start}: the installation is broken.`);
  }
}
