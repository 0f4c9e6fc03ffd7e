import { bits, bool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter } from './counting.js';

/** Words that are written once by a stream and stay. */
export interface ParameterSet {
  /** Whether beats are taken: until the set is complete. */
  readonly isLoading: Bool;
  /** The word at an address one edge of `domain` later. */
  read(domain: Domain, name: string, address: Int): Bits;
}

/**
 * A set of `depth` words, one a beat. It is loaded after reset, and again after each clock with `begin`; what it holds is not used meanwhile.
 * @param begin is never there while the set is loading
 */
export function parameterSet(m: ModuleBuilder, sync: Domain, name: string, beat: { readonly valid: Bool; readonly word: Bits }, depth: number, begin: Bool): ParameterSet {
  const isLoading = sync.reg(`${name}_loading`, bool, { reset: true });
  const moves = m.named(`${name}_moves`, beat.valid.and(isLoading.q));
  const at = counter(m, sync, `${name}_at`, depth, moves);
  isLoading.drive(begin.or(isLoading.q.and(moves.and(at.isLast).not())));
  if (depth === 1) {
    // The one word stays as long as it is used, and needs no register behind it.
    const word = sync.delay(name, beat.word, { enable: moves });
    return { isLoading: isLoading.q, read: () => word };
  }
  const memory = m.mem(name, { type: bits(beat.word.width), depth });
  sync.write(memory, at.q, beat.word, { enable: moves });
  return { isLoading: isLoading.q, read: (domain, readName, address) => domain.read(readName, memory, address) };
}
