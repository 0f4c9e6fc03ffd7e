import type { Expression } from '../expression.js';
import type { Assignment, Block, Choose } from '../signal.js';
import { at, type Code } from './node-code.js';

/** Where the values of a block stand, and the slot that an assignment goes to. */
export interface BlockSlots {
  of(node: Expression): number;
  targetOf(assignment: Assignment): number;
}

/** The code of conditional assignments in the order of writing, so that the last one wins. */
export function blockCode(block: Block, slots: BlockSlots): Code {
  const codes = block.statements.map(statement =>
    statement.kind === 'set' ? assignmentCode(statement, slots) : choiceCode(statement, slots));
  const [only] = codes;
  if (only !== undefined && codes.length === 1) return only;
  return values => {
    for (const code of codes) code(values);
  };
}

function assignmentCode(assignment: Assignment, slots: BlockSlots): Code {
  const [from, to] = [slots.of(assignment.value), slots.targetOf(assignment)];
  return values => { values[to] = at(values, from); };
}

function choiceCode({ choice, branches }: Choose, slots: BlockSlots): Code {
  const codes = new Map([...branches].map(([index, branch]) => [index, blockCode(branch, slots)]));
  if (choice.kind === 'when') {
    const conditions = choice.conditions.map(condition => condition === undefined ? undefined : slots.of(condition));
    return values => {
      const taken = conditions.findIndex(slot => slot === undefined || at(values, slot) === 1n);
      codes.get(taken)?.(values);
    };
  }
  const subject = slots.of(choice.subject);
  const byLabel = new Map(choice.labels.flatMap((labels, index) => (labels ?? []).map(label => [label, codes.get(index)] as const)));
  const fallback = codes.get(choice.labels.indexOf(undefined));
  return values => {
    const value = at(values, subject);
    const code = byLabel.has(value) ? byLabel.get(value) : fallback;
    code?.(values);
  };
}
