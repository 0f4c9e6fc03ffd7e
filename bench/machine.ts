import { cpus, totalmem, type } from 'node:os';

/** What a figure depends on beside the code. */
export function machineLines(): readonly string[] {
  const [first] = cpus();
  return [
    `machine: ${cpus().length} x ${first?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()}`,
    `node ${process.version}`,
  ];
}
