/** A change as text: all digits of the variable, highest first, each 0, 1, x or z. */
export interface PlainChange {
  readonly id: string;
  readonly time: number;
  readonly digits: string;
}

export interface PlainVcd {
  /** Width by id. */
  readonly widths: ReadonlyMap<string, number>;
  /** Full names, `TOP.unit.clk`, as the file spells them. */
  readonly names: readonly { readonly name: string; readonly id: string }[];
  readonly changes: readonly PlainChange[];
}

/**
 * A second reader of VCD text, for tests only: the whole file as a list of words, one after the other, without a thought
 * for speed. It shares no line with the reader that the tests compare it with.
 */
export function readPlain(text: string): PlainVcd {
  const words = text.split(/\s+/).filter(word => word !== '');
  const widths = new Map<string, number>();
  const names: { name: string; id: string }[] = [];
  const changes: PlainChange[] = [];
  const scope: string[] = [];
  let time = 0;
  let position = 0;
  const next = (): string => {
    const word = words[position++];
    if (word === undefined) throw new Error('the text ends too early');
    return word;
  };
  const untilEnd = (): readonly string[] => {
    const body: string[] = [];
    for (let word = next(); word !== '$end'; word = next()) body.push(word);
    return body;
  };
  const add = (id: string, digits: string): void => {
    const width = widths.get(id);
    if (width === undefined) throw new Error(`unknown id ${id}`);
    const lower = digits.toLowerCase();
    const fill = lower.startsWith('x') || lower.startsWith('z') ? lower.charAt(0) : '0';
    changes.push({ id, time, digits: lower.padStart(width, fill) });
  };

  for (let word = next(); word !== '$enddefinitions'; word = next()) {
    const body = untilEnd();
    const [, second = '', third = ''] = body;
    if (word === '$scope') scope.push(second);
    if (word === '$upscope') scope.pop();
    if (word === '$var') {
      widths.set(third, Number(second));
      names.push({ id: third, name: [...scope, body.slice(3).join('')].join('.') });
    }
  }
  untilEnd();
  while (position < words.length) {
    const word = next();
    const rest = word.slice(1);
    if (word === '$comment') untilEnd();
    else if (word.startsWith('$')) continue;
    else if (word.startsWith('#')) time = Number(rest);
    else if (/^[rR]/.test(word)) next();
    else if (/^[bB]/.test(word)) add(next(), rest);
    else add(rest, word.charAt(0));
  }
  return { widths, names, changes };
}
