import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChild } from './child.js';

it('an abort ends what the child has started too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'narrowgate-child-'));
  try {
    const running = runChild(['sh', '-c', 'sleep 600 & echo $! > sleeper; wait'], { cwd: folder, signal: AbortSignal.timeout(500) });
    // The sleeper holds the pipe open: were it not ended, this would wait for it.
    await expect(running).rejects.toMatchObject({ name: 'TimeoutError' });
    const status = await runChild(['sh', '-c', `ps -o stat= -p ${readFileSync(join(folder, 'sleeper'), 'utf8').trim()}`]);
    expect(status.output.trim()).toMatch(/^(Z.*)?$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
