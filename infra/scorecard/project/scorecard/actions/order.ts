import type { NangoAction, OrderRequest, OrderResult } from '../../models';

// oxlint-disable-next-line import/no-default-export -- the default export is what the platform runs
export default async function runAction(nango: NangoAction, input: OrderRequest): Promise<OrderResult> {
  await nango.get({ endpoint: '/slow', params: { n: input.n } });
  const key = `${Date.now()}-${Math.random()}`;
  await nango.post({ endpoint: '/orders', data: { key, owner: input.n } });
  await nango.get({ endpoint: '/slow', params: { n: input.n, after: 'true' } });
  return { key, n: input.n };
}
