type Mapper = (item: unknown, index: number) => unknown;

/** What libraries use of bluebird, on the language's own promises: bluebird compiles text, which no script may. */
export const bluebird = {
  async props(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
    const entries = await Promise.all(Object.entries(fields).map(async ([name, value]) => [name, await value] as const));
    return Object.fromEntries(entries);
  },

  async mapSeries(items: ArrayLike<unknown>, mapper: Mapper): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let index = 0; index < items.length; index++) results.push(await mapper(items[index], index));
    return results;
  },

  map(items: ArrayLike<unknown>, mapper: Mapper): Promise<unknown[]> {
    return Promise.all(Array.from(items, mapper));
  },
};
