import { ReportedError } from '../system/error.js';

/** The one error class of this room; `ReportedError` says what it holds. What finds tools and keeps files throws a plain ReportedError. */
export class TestbenchError extends ReportedError {
  override readonly name: string = 'TestbenchError';
}
