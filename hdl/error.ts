import { Site } from './site.js';

/** One finding of a check: its code, a sentence, the places it speaks of, and what to do about it. */
export interface HdlIssue {
  readonly code: string;
  readonly message: string;
  /** Where the user's code did it; undefined where no place in the user's code is to blame. */
  readonly site?: Site | undefined;
  readonly hint?: string | undefined;
  /** The parameter that is to blame, by its key in the schema. */
  readonly parameter?: string | undefined;
}

/**
 * The one error of this room. Its `message` is what a user reads: for each finding a line `CODE: sentence`,
 * the place in the user's own file, and a hint.
 */
export class HdlError extends Error {
  readonly issues: readonly HdlIssue[];

  constructor(issues: readonly [HdlIssue, ...HdlIssue[]]) {
    super(issues.map(formatIssue).join('\n'));
    this.name = 'HdlError';
    this.issues = issues;
  }

  /** The code of the first finding. */
  get code(): string {
    return this.issues[0]?.code ?? '';
  }

  get hint(): string | undefined {
    return this.issues[0]?.hint;
  }
}

/** Throws one finding at the line of the user's code that is being run, or at `site`. */
export function fail(code: string, message: string, hint?: string, site: Site = new Site(errorFrames)): never {
  throw new HdlError([{ code, message, hint, site }]);
}

/** An error looks far enough for the user's line, however deep in the library it is found. */
const errorFrames = 100;

function formatIssue(issue: HdlIssue): string {
  const place = issue.site?.place();
  return `${issue.code}: ${issue.message}`
    + (place === undefined ? '' : `\n  at ${place}`)
    + (issue.hint === undefined ? '' : `\n  hint: ${issue.hint}`);
}
