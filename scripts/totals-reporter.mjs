/** Reporter of node:test that writes nothing but the counts of the whole run, as one line of JSON. */
export default async function* totalsReporter(events) {
  for await (const { type, data } of events) {
    // Those with a file are counts of that file alone.
    if (type === 'test:summary' && data.file === undefined) yield `${JSON.stringify(data.counts)}\n`;
  }
}
