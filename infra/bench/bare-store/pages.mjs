/** Everything a connection has, page by page, as the text that is sent. Records per second. */
export async function measurePages({ records }, scope, limit) {
  let listed = 0;
  const startedAt = performance.now();
  for (let cursor; cursor !== null;) {
    const text = await records.listText({ ...scope, limit, ...(cursor ? { cursor } : {}) });
    const page = JSON.parse(text); // as its reader does, in the same process here
    listed += page.records.length;
    cursor = page.next_cursor;
  }
  return (listed / (performance.now() - startedAt)) * 1000;
}
