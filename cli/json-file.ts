import { readFile } from 'node:fs/promises';
import { wrongCall } from './error.js';
import { explainRead } from './file-error.js';
import { quoted } from './flags.js';

/**
 * The content of a JSON file that a flag names.
 * @throws CliError where it cannot be read or is no JSON
 */
export async function readJson(file: string, flag: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw explainRead(error, file, flag);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongCall(`The file ${quoted(file)} of ${flag} is no JSON: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}
