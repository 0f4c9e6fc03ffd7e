/** How `elements` are counted: in one leaf, or as the sum of two counts and maybe of one element more, which is the carry into their adder. */
export interface CountPlan {
  readonly low: number;
  readonly elements: number;
  /** Adders one after the other. */
  readonly height: number;
  readonly parts?: readonly [CountPlan, CountPlan];
  /** The element that is the carry; the highest one. */
  readonly carry?: number;
}

/** What plans are chosen by, in LUTs. */
export interface PlanCosts {
  /** Of leaves by their elements; sizes beyond the list, and those of infinite cost, are no leaves. */
  readonly leaves: readonly number[];
  /** Of the bit that an element becomes where it is a carry. */
  readonly element: number;
  /** Of an adder beyond a LUT for each bit of its longer operand: of its carry in, and of its carry out. */
  readonly carryIn: number;
  readonly carryOut: number;
  /** Of a carry out that is told from the sum instead (see `foldedSum`); absent where that is not done. */
  readonly foldedCarryOut?: number;
}

interface Choice {
  readonly cost: number;
  readonly height: number;
  readonly low: number;
  readonly carry: 0 | 1;
}

/** The cheapest plan, and of equals the one with the fewest adders one after the other. */
export function planCount(elements: number, costs: PlanCosts): CountPlan {
  const choices: Choice[] = [{ cost: 0, height: 0, low: 0, carry: 0 }];
  for (let n = 1; n <= elements; n++) choices.push(choiceOf(n, choices, costs));
  return unfolded(0, elements, choices);
}

/** Whether a sum of so many elements each can be folded: the larger number is a power of two, which its top bit has for itself, and the other one does without that bit. */
export function isFolded(elements: number, others: number): boolean {
  return Number.isInteger(Math.log2(elements)) && others < elements;
}

const widthOf = (count: number): number => count.toString(2).length;

function choiceOf(n: number, choices: readonly Choice[], costs: PlanCosts): Choice {
  let best: Choice = { cost: costs.leaves[n] ?? Infinity, height: 0, low: 0, carry: 0 };
  for (const carry of [0, 1] as const) {
    // Halves that are far from equal make the tree deep.
    for (let low = Math.ceil((n - carry) / 2); low <= Math.floor(0.75 * n) && low < n - carry; low++) {
      const [a, b] = [choices[low], choices[n - carry - low]];
      if (a === undefined || b === undefined) continue;
      const width = widthOf(low);
      const carryOut = isFolded(low, n - carry - low) ? costs.foldedCarryOut ?? costs.carryOut : costs.carryOut;
      const adder = width + (widthOf(n) > width ? carryOut : 0) + carry * (costs.carryIn + costs.element);
      const [cost, height] = [a.cost + b.cost + adder, 1 + Math.max(a.height, b.height)];
      if (cost < best.cost || (cost === best.cost && height < best.height)) best = { cost, height, low, carry };
    }
  }
  return best;
}

function unfolded(low: number, elements: number, choices: readonly Choice[]): CountPlan {
  const choice = choices[elements];
  if (choice === undefined || choice.low === 0) return { low, elements, height: 0 };
  const rest = elements - choice.carry;
  const parts = [unfolded(low, choice.low, choices), unfolded(low + choice.low, rest - choice.low, choices)] as const;
  return { low, elements, height: choice.height, parts, ...(choice.carry === 1 ? { carry: low + rest } : {}) };
}
