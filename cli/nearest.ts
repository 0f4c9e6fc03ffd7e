import { nearest } from '../hdl/nearest.js';

/** ` Did you mean --lanes?`, or nothing where no name is near. `show` writes the name as the user would. */
export function suggestion(written: string, names: readonly string[], show: (name: string) => string = name => `'${name}'`): string {
  const name = nearest(written, names);
  return name === undefined ? '' : ` Did you mean ${show(name)}?`;
}

/** `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
