import type { NangoSync, Link } from '../../models';

// oxlint-disable-next-line import/no-default-export -- the default export is what the platform runs
export default async function fetchData(nango: NangoSync): Promise<void> {
  const paginate = { type: 'cursor', cursor_path_in_response: 'cursor', cursor_name_in_request: 'after', response_path: 'links' } as const;
  for await (const links of nango.paginate<Link>({ endpoint: '/chain', paginate })) await nango.batchSave(links, 'Link');
}
