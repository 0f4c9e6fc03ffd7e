import type { ScalarType, VecType, ClockType } from '../type.js';

/** A name that Verilog declares, and which of its bits are read. */
export class Declared {
  readonly name: string;
  readonly width: number;
  readonly signed: boolean;
  private readonly reads: (readonly [low: number, width: number])[] = [];
  private whole = false;

  constructor(name: string, width: number, signed: boolean) {
    this.name = name;
    this.width = width;
    this.signed = signed;
  }

  read(low: number, width: number): void {
    if (width === this.width) this.whole = true;
    else if (!this.whole) this.reads.push([low, width]);
  }

  /** The bits that are never read, as they are selected in Verilog. */
  unread(): readonly string[] {
    if (this.whole) return [];
    const gaps: string[] = [];
    let next = 0;
    const gap = (end: number): void => {
      if (end > next) gaps.push(selectBits(this, next, end - next));
    };
    for (const [low, width] of this.reads.toSorted(([a], [b]) => a - b)) {
      gap(low);
      next = Math.max(next, low + width);
    }
    gap(this.width);
    return gaps;
  }
}

/** The Verilog of one node: a select of a declared name, or an expression as wide as the node in any context. */
export type Code = NameCode | TextCode;

export interface NameCode {
  readonly kind: 'name';
  readonly declared: Declared;
  readonly low: number;
  readonly width: number;
}

export interface TextCode {
  readonly kind: 'text';
  readonly text: string;
  /** Whether Verilog takes the expression as signed. */
  readonly signed: boolean;
  /** Whether it needs parentheses beside an operator. */
  readonly compound: boolean;
  /** Whether a wider context would reach its operands, as it does through `~` and `?:`. */
  readonly stretches: boolean;
}

/** Any text as one line of ASCII, for a comment. */
export function commentLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/[^ -~]/gu, '?');
}

/** Any text as part of a string of `$display`. */
export function displayText(text: string): string {
  return commentLine(text).replace(/["%\\]/g, '_');
}

/** `x`, `x[3]` or `x[7:4]`. */
export function selectBits(declared: Declared, low: number, width: number): string {
  if (width === declared.width) return declared.name;
  return width === 1 ? `${declared.name}[${low}]` : `${declared.name}[${low + width - 1}:${low}]`;
}

/** `[7:0] `, or nothing for one bit. */
export function rangeText(width: number): string {
  return width === 1 ? '' : `[${width - 1}:0] `;
}

export function signedText(type: ScalarType | VecType | ClockType): string {
  return type.kind === 'int' && type.signed ? 'signed ' : '';
}

/** A constant of `width` bits. A negative one is written as a minus before its magnitude, or in hex where it stands in a wider context. */
export function literalText(value: bigint, width: number, style: { readonly signed: boolean; readonly hex?: boolean }): string {
  const sign = style.signed ? 's' : '';
  if (width === 1 && !style.signed) return `1'b${BigInt.asUintN(1, value)}`;
  if (value >= 0n) {
    return style.hex === true && width > 3 ? `${width}'${sign}h${hex(value, width)}` : `${width}'${sign}d${value}`;
  }
  return style.hex === true || !style.signed ? `${width}'${sign}h${hex(value, width)}` : `-${width}'sd${-value}`;
}

function hex(value: bigint, width: number): string {
  return BigInt.asUintN(width, value).toString(16).padStart(Math.ceil(width / 4), '0');
}

/** Parts in braces, broken over lines where they are long. */
export function concatenation(parts: readonly string[]): string {
  const line = `{${parts.join(', ')}}`;
  if (line.length <= 100) return line;
  const rows: string[] = [];
  let row = '';
  for (const [i, part] of parts.entries()) {
    const piece = i === parts.length - 1 ? part : `${part}, `;
    if (row.length + piece.length > 96) {
      rows.push(row.trimEnd());
      row = '';
    }
    row += piece;
  }
  rows.push(row);
  return `{\n      ${rows.join('\n      ')}\n    }`;
}
