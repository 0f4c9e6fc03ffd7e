import { GoldenError } from './error.js';

/** An integer parameter of min..max, or a GoldenError that names it. */
export function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new GoldenError('parameter', `${name} is an integer in ${min}..${max}, not ${value}.`);
  }
}

/** One of the named choices, or a GoldenError that lists them. */
export function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new GoldenError('parameter', `${name} is one of ${choices.join(', ')}, not ${value}.`);
}
