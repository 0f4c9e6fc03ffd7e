import type { Design } from './generator.js';

/** What a trial is asked for. */
export type Measure = (trial: Design) => unknown;

/** Thrown by a build that cannot go on before a trial of it is measured. */
export class TrialWanted extends Error {}

/** The trials of one module, in the order in which its build asks for them: what those before found, and the one that is underway. */
export class Trials {
  private readonly findings: unknown[] = [];
  private asked = 0;
  private isTrial = false;
  private measure: Measure | undefined;

  /** Before a build. */
  begin(): this {
    this.asked = 0;
    this.isTrial = false;
    return this;
  }

  /** Before a build that is a trial: the first question without an answer is what it is made for. */
  beginTrial(): this {
    this.begin();
    this.isTrial = true;
    this.measure = undefined;
    return this;
  }

  /** The answer where it is known; undefined in a trial. */
  ask(measure: Measure): { readonly finding: unknown } | undefined {
    const place = this.asked++;
    if (place < this.findings.length) return { finding: this.findings[place] };
    if (!this.isTrial) throw new TrialWanted();
    this.measure ??= measure;
    return undefined;
  }

  /** Measures a trial that is built. */
  conclude(trial: Design): void {
    this.findings.push(this.measure?.(trial));
  }
}
