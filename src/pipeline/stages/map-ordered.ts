/**
 * Works on up to `limit` items at once and yields the results in the order of the items. When the consumer stops or anything
 * throws, what is in flight is awaited and upstream is closed before control returns.
 */
export async function* mapOrdered<In, Out>(
  input: Iterable<In> | AsyncIterable<In>,
  limit: number,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  const inFlight: Promise<Out>[] = [];
  let exhausted = false;
  try {
    while (true) {
      while (!exhausted && inFlight.length < limit) {
        const next = await iterator.next();
        if (next.done) exhausted = true;
        else {
          const result = work(next.value);
          // Awaited in its turn; until then a rejection is no unhandled one.
          result.catch(() => {});
          inFlight.push(result);
        }
      }
      const first = inFlight.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(inFlight);
    await iterator.return?.();
  }
}
