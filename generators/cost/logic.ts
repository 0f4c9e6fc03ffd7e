/** One bit of logic: twice the number of its node, and 1 more where the node is inverted. */
export type Literal = number;

export const never: Literal = 0;
export const always: Literal = 1;

export function inverted(literal: Literal): Literal {
  return literal ^ 1;
}

/** The node of a literal. */
export function nodeOf(literal: Literal): number {
  return literal >> 1;
}

/** Whether the literal is a constant. */
export function isConstant(literal: Literal): boolean {
  return literal <= always;
}

/**
 * Logic as a graph of ANDs of two inputs with inverters on their edges. Equal ANDs are one node, and constants go no further. Node 0 is the constant
 * 0; sources are nodes without operands: inputs, registers, outputs of cells.
 */
export class Logic {
  private readonly left: number[] = [-1];
  private readonly right: number[] = [-1];
  private readonly known = new Map<number, number>();
  private readonly merged = new Map<number, Literal>();

  /** Nodes so far. */
  get size(): number {
    return this.left.length;
  }

  /** The operands of an AND; undefined for a source. */
  operandsOf(node: number): readonly [Literal, Literal] | undefined {
    const [left, right] = [this.left[node] ?? -1, this.right[node] ?? -1];
    return left < 0 ? undefined : [this.resolve(left), this.resolve(right)];
  }

  /** From here on takes `literal`, of an earlier node, for a node. */
  merge(node: number, literal: Literal): void {
    this.merged.set(node, this.resolve(literal));
  }

  /** The literal that stands for one whose node may be merged. */
  resolve(literal: Literal): Literal {
    const into = this.merged.get(literal >> 1);
    return into === undefined ? literal : into ^ (literal & 1);
  }

  /** A new node whose value comes from elsewhere. */
  source(): Literal {
    this.left.push(-1);
    this.right.push(-1);
    return 2 * (this.size - 1);
  }

  and(a: Literal, b: Literal): Literal {
    if (a === b) return a;
    const [low, high] = a < b ? [a, b] : [b, a];
    if (low === never || low === inverted(high)) return never;
    if (low === always) return high;
    const key = low * 2 ** 26 + high;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.left.push(low);
    this.right.push(high);
    const literal = 2 * (this.size - 1);
    this.known.set(key, literal);
    return literal;
  }

  or(a: Literal, b: Literal): Literal {
    return inverted(this.and(inverted(a), inverted(b)));
  }

  xor(a: Literal, b: Literal): Literal {
    const flip = (a & 1) ^ (b & 1);
    const [x, y] = [a & ~1, b & ~1];
    return this.or(this.and(x, inverted(y)), this.and(inverted(x), y)) ^ flip;
  }

  /** `yes` where `select` is 1, else `no`. */
  mux(select: Literal, yes: Literal, no: Literal): Literal {
    if (yes === no) return yes;
    if (yes === inverted(no)) return this.xor(select, no);
    return this.or(this.and(select, yes), this.and(inverted(select), no));
  }

  /** 1 where at least two of three are. */
  majority(a: Literal, b: Literal, c: Literal): Literal {
    return this.or(this.and(a, b), this.and(c, this.or(a, b)));
  }

  /** All of them joined two by two, level by level; `empty` where there is none. */
  private tree(literals: readonly Literal[], join: (a: Literal, b: Literal) => Literal, empty: Literal): Literal {
    let level = literals;
    while (level.length > 1) {
      const next: Literal[] = [];
      for (let i = 0; i < level.length; i += 2) {
        const [a, b] = [level[i] ?? empty, level[i + 1]];
        next.push(b === undefined ? a : join(a, b));
      }
      level = next;
    }
    return level[0] ?? empty;
  }

  all(literals: readonly Literal[]): Literal {
    return this.tree(literals, (a, b) => this.and(a, b), always);
  }

  any(literals: readonly Literal[]): Literal {
    return this.tree(literals, (a, b) => this.or(a, b), never);
  }

  parity(literals: readonly Literal[]): Literal {
    return this.tree(literals, (a, b) => this.xor(a, b), never);
  }
}
