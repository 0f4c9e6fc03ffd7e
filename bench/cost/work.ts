/** Does something with each item, so many at a time; the results stand in the order of the items. The first error ends it when what is underway has ended. */
export async function eachOf<T, R>(items: readonly T[], workers: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      const item = items[index];
      if (item === undefined) continue;
      try {
        results.set(index, await work(item));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: workers }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
