/**
 * What comes of work within a time limit; undefined where the limit ended it.
 * @param seconds after which the signal that `body` gets is aborted
 * @param signal of the caller: when it aborts, this rejects with its reason
 */
export async function withinTime<T>(seconds: number, signal: AbortSignal | undefined, body: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const limit = AbortSignal.timeout(Math.ceil(1000 * seconds));
  try {
    return await body(signal === undefined ? limit : AbortSignal.any([signal, limit]));
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return undefined;
    throw error;
  }
}
