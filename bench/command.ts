import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, type Row } from './row.js';

const runs = 15;

/** The whole process of `narrowgate generate mac-tree`, from the shell's point of view. */
export function commandRows(): readonly Row[] {
  const main = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'narrowgate-bench-'));
  try {
    const seconds = Array.from({ length: runs }, () => {
      const begin = performance.now();
      const child = spawnSync(process.execPath, [main, 'generate', 'mac-tree', '--out', directory], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error(`generate failed: ${child.stderr}`);
      return (performance.now() - begin) / 1000;
    });
    const middle = median(seconds);
    return [{
      what: 'generate mac-tree, whole process', reached: `${middle.toFixed(2)} s`, must: 'under 0.5 s', good: middle < 0.5,
      how: `median of ${runs} runs of the built command`,
    }];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
