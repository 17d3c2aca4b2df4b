/**
 * The pieces of `{...head, [list]: [item, item, …], ...tail}`, made page by page so that a list of any length never
 * lies in memory at once. `tail` is asked for after the last item.
 */
export async function* jsonWithList(options: {
  readonly head: Readonly<Record<string, unknown>>;
  readonly list: string;
  readonly pages: AsyncIterable<readonly unknown[]>;
  readonly tail?: () => Readonly<Record<string, unknown>>;
}): AsyncIterable<string> {
  const fields = (record: Readonly<Record<string, unknown>>) => JSON.stringify(record).slice(1, -1);
  const head = fields(options.head);
  yield `{${head}${head === '' ? '' : ','}${JSON.stringify(options.list)}:[`;
  let separator = '';
  for await (const page of options.pages) {
    if (page.length === 0) continue;
    yield separator + page.map((item) => JSON.stringify(item)).join(',\n');
    separator = ',\n';
  }
  const tail = fields(options.tail?.() ?? {});
  yield `]${tail === '' ? '' : `,${tail}`}}\n`;
}
