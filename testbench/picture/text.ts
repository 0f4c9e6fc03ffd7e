import type { BusCell, Lane, WavePicture } from './picture.js';

export interface TextOptions {
  /** Columns of the terminal, 40 or more (default 100). Where not all cycles fit, those around the marked one are drawn. */
  readonly width?: number;
  /** Colour by ANSI codes (default false); see `wantsColor`. */
  readonly color?: boolean;
  /** Without its title, where that is said elsewhere (default: with it). */
  readonly title?: boolean;
  /** Only ASCII characters (default false). */
  readonly ascii?: boolean;
}

/** Whether colour codes belong on this output: it is a terminal, and neither NO_COLOR nor TERM=dumb forbids them. */
export function wantsColor(output: { readonly isTTY?: boolean }, environment: Readonly<Record<string, string | undefined>>): boolean {
  return output.isTTY === true && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

/** The characters that lanes are drawn with. */
interface Pen {
  readonly low: string;
  readonly high: string;
  readonly rise: string;
  readonly fall: string;
  readonly edge: string;
  readonly idle: string;
  readonly more: string;
  readonly mark: string;
}

const unicodePen: Pen = { low: '▁', high: '▔', rise: '╱', fall: '╲', edge: '│', idle: '┄', more: '…', mark: '▲' };
const asciiPen: Pen = { low: '_', high: '-', rise: '/', fall: '\\', edge: '|', idle: '.', more: '~', mark: '^' };

const defaultWidth = 100;
const leastWidth = 40;
const narrowestCell = 5;
const widestCell = 14;
const widestName = 20;

const styles = { wrong: '\u001b[1;31m', expected: '\u001b[32m', faint: '\u001b[2m', plain: '\u001b[0m' } as const;
type Style = 'wrong' | 'expected' | 'faint' | undefined;

/** A piece of a line, with its colour. */
interface Piece {
  readonly text: string;
  readonly style: Style;
}

/**
 * Draws the picture for a terminal, one line for each lane, each line at most `width` columns wide and without trailing spaces; the notes
 * below are broken at spaces. Ends with a newline.
 */
export function renderText(picture: WavePicture, options: TextOptions = {}): string {
  const pen = options.ascii === true ? asciiPen : unicodePen;
  const width = Math.max(options.width ?? defaultWidth, leastWidth);
  const nameWidth = Math.min(widestName, Math.max('cycle'.length, ...picture.lanes.map(lane => lane.name.length)));
  const longest = Math.max(String(picture.firstCycle + picture.cycleCount).length, ...picture.lanes.flatMap(lane => lane.kind === 'bus' ? lane.cells.map(cell => cell.text.length) : []));
  const cell = Math.min(widestCell, Math.max(narrowestCell, longest + 2));
  const marked = picture.markedCycle - picture.firstCycle;
  const { from, to } = visible(picture.cycleCount, marked, Math.floor((width - nameWidth - 1) / cell));
  const lines = picture.lanes.map(lane => [
    { text: `${clip(lane.name, nameWidth, pen).padStart(nameWidth)} `, style: lane.name === 'expected' ? 'expected' as const : undefined },
    ...laneCells(lane, from, to, cell, pen),
  ]);
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  const ruler: Piece[] = [
    { text: `${'cycle'.padStart(nameWidth)} `, style: 'faint' },
    ...indices.map(i => ({ text: ` ${picture.firstCycle + i}`.padEnd(cell), style: i === marked ? 'wrong' as const : 'faint' as const })),
  ];
  const marker: Piece[] = [
    { text: ' '.repeat(nameWidth + 1 + (marked - from) * cell + 1), style: undefined },
    { text: pen.mark.repeat(cell - 2), style: 'wrong' },
  ];
  const body = [ruler, ...lines, marker].map(pieces => paint(pieces, options.color === true));
  const notes = picture.notes.length === 0 ? [] : ['', ...picture.notes.flatMap(note => broken(note, width, '  '))];
  const title = options.title === false ? [] : [...broken(picture.title, width), ''];
  return [...title, ...body, ...notes, ''].join('\n');
}

/** The cycles that fit, with a few behind the marked one. */
function visible(count: number, marked: number, fit: number): { from: number; to: number } {
  const shown = Math.max(1, Math.min(count, fit));
  const behind = Math.min(count - 1 - marked, 2, shown - 1);
  const to = Math.max(shown, marked + behind + 1);
  return { from: to - shown, to };
}

function laneCells(lane: Lane, from: number, to: number, width: number, pen: Pen): readonly Piece[] {
  switch (lane.kind) {
    case 'clock': {
      const half = Math.floor((width - 1) / 2);
      const text = pen.low.repeat(half) + pen.rise + pen.high.repeat(width - half - 2) + pen.fall;
      return [{ text: text.repeat(to - from), style: undefined }];
    }
    case 'bit':
      return lane.levels.slice(from, to).map((level, i) => bitCell(level, i === 0 ? level : lane.levels[from + i - 1] ?? level, width, pen));
    case 'bus':
      return lane.cells.slice(from, to).map((cell, i) => busCell(cell, i === 0 ? undefined : lane.cells[from + i - 1], width, pen));
  }
}

function bitCell(level: '0' | '1' | 'x', before: '0' | '1' | 'x', width: number, pen: Pen): Piece {
  if (level === 'x') return { text: 'x'.repeat(width), style: 'wrong' };
  const line = level === '1' ? pen.high : pen.low;
  const start = before === level || before === 'x' ? line : level === '1' ? pen.rise : pen.fall;
  return { text: start + line.repeat(width - 1), style: undefined };
}

function busCell(cell: BusCell, before: BusCell | undefined, width: number, pen: Pen): Piece {
  if (cell.state === 'idle') return { text: (before === undefined || before.state === 'idle' ? pen.idle : pen.edge) + pen.idle.repeat(width - 1), style: 'faint' };
  const same = before?.state === 'waiting' && before.text === cell.text;
  const style = cell.state === 'wrong' || cell.state === 'expected' ? cell.state : cell.state === 'waiting' ? 'faint' : undefined;
  return { text: ((same ? ' ' : pen.edge) + clip(cell.text, width - 1, pen)).padEnd(width), style };
}

function clip(text: string, width: number, pen: Pen): string {
  return text.length <= width ? text : text.slice(0, width - 1) + pen.more;
}

function paint(pieces: readonly Piece[], color: boolean): string {
  if (!color) return pieces.map(piece => piece.text).join('').trimEnd();
  return pieces.map(({ text, style }) => style === undefined ? text : `${styles[style]}${text}${styles.plain}`).join('');
}

/** Lines of at most `width` columns, broken at spaces; those after the first begin with `indent`. */
export function broken(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}
