import { ReportedError } from '../system/error.js';

/** The error class of this room; `ReportedError` says what it holds. */
export class SynthesisError extends ReportedError {
  override readonly name: string = 'SynthesisError';
}
