import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { DigitsError } from './error.js';

/**
 * The contents of a JSON text that has to be of a schema.
 * @param name what the text is called in the errors
 * @param refusal what is said of a text of another shape, such as `is not a classifier of digits`
 * @throws DigitsError which says in one sentence what is wrong where
 */
export function parseJson<T>(text: string, name: string, schema: z.ZodType<T>, refusal: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DigitsError(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DigitsError(`${name} ${refusal}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

/** The text of a file. Throws a DigitsError where it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DigitsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
