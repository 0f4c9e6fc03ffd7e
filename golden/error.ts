/**
 * What a call of the golden models got wrong:
 * - `parameter`: a parameter is outside its allowed values;
 * - `operand`: a number is outside what its format or the model's port holds;
 * - `shape`: arrays do not have the lengths that belong together.
 */
export type GoldenErrorCode = 'parameter' | 'operand' | 'shape';

/** The one error class of this room. `message` is one sentence for the user: what, where, what is allowed. */
export class GoldenError extends Error {
  override readonly name = 'GoldenError';
  readonly code: GoldenErrorCode;

  constructor(code: GoldenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
