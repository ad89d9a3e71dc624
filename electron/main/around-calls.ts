type Calls = Record<string, (input: unknown) => unknown>;

/** The same calls, with something done before each, and something when it has ended. */
export function watched<H extends object>(handlers: H, { before, after }: { before: () => void; after: () => void }): H {
  const entries = Object.entries(handlers as Calls);
  const around = entries.map(([name, answer]) => [
    name,
    (input: unknown) => {
      let later = false;
      before();
      try {
        const answered = answer(input);
        later = answered instanceof Promise;
        return later ? (answered as Promise<unknown>).finally(after) : answered;
      } finally {
        if (!later) after();
      }
    },
  ]);
  return Object.fromEntries(around) as H;
}

/** The same calls; what one of them throws is told as `explain` makes it. */
export function explained<H extends object>(handlers: H, explain: (error: unknown) => unknown): H {
  const entries = Object.entries(handlers as Calls);
  const around = entries.map(([name, answer]) => [
    name,
    (input: unknown) => {
      try {
        const answered = answer(input);
        if (!(answered instanceof Promise)) return answered;
        return answered.catch((error: unknown) => {
          throw explain(error);
        });
      } catch (error) {
        throw explain(error);
      }
    },
  ]);
  return Object.fromEntries(around) as H;
}
