import type { NangoSync } from '../../models';

// oxlint-disable-next-line import/no-default-export -- the default export is what the platform runs
export default async function fetchData(nango: NangoSync): Promise<void> {
  for (const step of [1, 2, 3]) {
    await nango.get({ endpoint: '/slow', params: { step: String(step) } });
    const key = `${Date.now()}-${Math.random()}`;
    await nango.post({ endpoint: '/orders', data: { key, owner: `${nango.connectionId}/${step}` } });
    await nango.batchSave([{ id: String(step), key }], 'Order');
  }
}
