/** Walks a list that the engine hands out in pages. */
export async function* pagesOf<Page extends { readonly cursor: string | null }>(
  fetchPage: (cursor: string | undefined) => Promise<Page>,
): AsyncIterable<Page> {
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    yield page;
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
}
