/** The one error class of this example: `message` is one sentence for the user. */
export class DigitsError extends Error {
  override readonly name = 'DigitsError';
}
