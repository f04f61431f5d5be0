import type { NangoSync, Item } from '../../models';

// oxlint-disable-next-line import/no-default-export -- the default export is what the platform runs
export default async function fetchData(nango: NangoSync): Promise<void> {
  let page: number | null = 1;
  while (page !== null) {
    const answer: { data: { items: Item[]; next: number | null } } = await nango.get({ endpoint: '/items', params: { page: String(page) } });
    await nango.batchSave(answer.data.items, 'Item');
    page = answer.data.next;
  }
}
