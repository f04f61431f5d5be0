import { describe, expect, it } from 'vitest';
import type { ProxyConfiguration } from '../http/proxy-configuration.js';
import type { HttpResponse } from '../http/response.js';
import { paginate } from './paginate.js';

type Asked = { endpoint: string; params: unknown; data: unknown };
type Page = { data: unknown; headers?: Record<string, string> };

/** Reads everything; remembers what was asked at the time it was asked. */
async function read(
  config: ProxyConfiguration,
  pages: Page[],
  defaults: Record<string, unknown> | null = null,
): Promise<{ yielded: unknown[][]; asked: Asked[] }> {
  const asked: Asked[] = [];
  const send = async (page: ProxyConfiguration): Promise<HttpResponse> => {
    asked.push(structuredClone({ endpoint: page.endpoint, params: page.params, data: page.data }));
    const { data, headers = {} } = pages[asked.length - 1] ?? { data: null };
    return { data, headers, status: 200, statusText: 'OK', config: page, request: {} };
  };
  const yielded: unknown[][] = [];
  for await (const page of paginate(config, defaults, send)) yielded.push(page);
  return { yielded, asked };
}

describe('pagination by cursor', () => {
  const cursor = { type: 'cursor', cursor_path_in_response: 'meta.next', cursor_name_in_request: 'after', response_path: 'data.items' } as const;

  it('follows the cursor until there is none', async () => {
    const { yielded, asked } = await read({ endpoint: '/x', params: { a: '1' }, paginate: { ...cursor, limit: 2, limit_name_in_request: 'size' } }, [
      { data: { data: { items: [1, 2] }, meta: { next: ' c1 ' } } },
      { data: { data: { items: [3] }, meta: { next: 7 } } },
      { data: { data: { items: [4] }, meta: { next: '  ' } } },
    ]);
    expect(yielded).toEqual([[1, 2], [3], [4]]);
    expect(asked.map(({ params }) => params)).toEqual([
      { a: '1', size: 2 },
      { a: '1', size: 2, after: 'c1' },
      { a: '1', size: 2, after: 7 },
    ]);
  });

  it('goes into a body that the script has written as text itself', async () => {
    const pages = [{ data: { data: { items: [1] }, meta: { next: 'c' } } }, { data: {} }];
    const sent = async (config: Omit<ProxyConfiguration, 'endpoint'>) =>
      (await read({ endpoint: '/x', method: 'POST', paginate: cursor, ...config }, pages)).asked.map(({ data }) => data);
    expect(await sent({ data: '{"q":1}' })).toEqual([{ q: 1 }, { q: 1, after: 'c' }]);
    expect(await sent({ data: 'q=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).toEqual([{ q: '1' }, { q: '1', after: 'c' }]);
    await expect(sent({ data: '<q/>' })).rejects.toThrow('Paging parameters cannot be put into a body of text');
    const links = { type: 'link', link_path_in_response_body: 'next' } as const;
    const { asked } = await read({ endpoint: '/x', method: 'POST', data: '<q/>', paginate: links }, [{ data: [1] }]);
    expect(asked[0]?.data).toBe('<q/>');
  });

  it.each([[{ data: { items: [] }, meta: { next: 'c' } }], [{ meta: { next: 'c' } }]])('stops without a page at %j', async (data) => {
    expect((await read({ endpoint: '/x', paginate: cursor }, [{ data }])).yielded).toEqual([]);
  });

  it('stops at a cursor that is neither text nor number', async () => {
    expect((await read({ endpoint: '/x', paginate: cursor }, [{ data: { data: { items: [1] }, meta: { next: { a: 1 } } } }])).asked).toHaveLength(1);
  });

  it('goes into the body of a POST, and where in_body says so', async () => {
    const pages = [{ data: { data: { items: [1] }, meta: { next: 'c' } } }, { data: {} }];
    expect((await read({ endpoint: '/x', method: 'post', data: { q: 1 }, paginate: cursor }, pages)).asked[1]).toMatchObject({
      data: { q: 1, after: 'c' },
      params: undefined,
    });
    expect((await read({ endpoint: '/x', method: 'POST', paginate: { ...cursor, in_body: false } }, pages)).asked[1]).toMatchObject({ params: { after: 'c' } });
    expect((await read({ endpoint: '/x', paginate: { ...cursor, in_body: true } }, pages)).asked[1]).toMatchObject({ data: { after: 'c' } });
  });

  it.each([
    [{ type: 'cursor', cursor_name_in_request: 'a' }, 'cursor_path_in_response'],
    [{ type: 'cursor', cursor_path_in_response: 'a' }, 'cursor_name_in_request'],
    [{ ...cursor, limit: 5 }, 'limit_name_in_request'],
    [{ type: 'offset' }, 'offset_name_in_request'],
    [{ type: 'link' }, 'link_rel_in_response_header or link_path_in_response_body'],
  ] as const)('names the parameter that %j lacks', async (pagination, name) => {
    await expect(read({ endpoint: '/x', paginate: pagination }, [])).rejects.toThrow(name);
  });
});

describe('pagination by link', () => {
  it('takes path and query of an absolute link, and drops the params after the first page', async () => {
    const { yielded, asked } = await read(
      { endpoint: '/x', params: { a: 1 }, paginate: { type: 'link', link_rel_in_response_header: 'next', limit: 50, limit_name_in_request: 'per_page' } },
      [
        { data: [1], headers: { link: '<https://api.example.com/x?page=1>; rel="first", <https://api.example.com/x?page=2&a=1>; rel="next"' } },
        { data: [2], headers: { link: '<https://api.example.com/x?page=1>; rel="first"' } },
      ],
    );
    expect(yielded).toEqual([[1], [2]]);
    expect(asked).toEqual([
      { endpoint: '/x', params: { a: 1, per_page: 50 }, data: undefined },
      { endpoint: '/x?page=2&a=1', params: undefined, data: undefined },
    ]);
  });

  it('takes a relative link from the body as it is', async () => {
    const { asked } = await read({ endpoint: '/x', paginate: { type: 'link', link_path_in_response_body: 'paging[0].next', response_path: 'items' } }, [
      { data: { items: [1], paging: [{ next: 'y?p=2' }] } },
      { data: { items: [] } },
    ]);
    expect(asked.map(({ endpoint }) => endpoint)).toEqual(['/x', 'y?p=2']);
  });
});

describe('pagination by offset', () => {
  it('counts what came, as text in the query, and stops at a short page', async () => {
    const { yielded, asked } = await read(
      { endpoint: '/x', paginate: { type: 'offset', offset_name_in_request: 'skip', limit: '2', limit_name_in_request: 'take' } },
      [{ data: [1, 2] }, { data: [3] }],
    );
    expect(yielded).toEqual([[1, 2], [3]]);
    expect(asked.map(({ params }) => params)).toEqual([
      { take: '2', skip: '0' },
      { take: '2', skip: '2' },
    ]);
  });

  it('counts pages where it is told to, from where it is told to, as numbers in a body', async () => {
    const pagination = { type: 'offset', offset_name_in_request: 'page', offset_start_value: 1, offset_calculation_method: 'per-page' } as const;
    const { asked } = await read({ endpoint: '/x', method: 'POST', paginate: pagination }, [{ data: [1, 2] }, { data: [3, 4] }, { data: [] }]);
    expect(asked.map(({ data }) => data)).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }]);
  });
});

it("takes the provider's pagination where the call names none, and overlays it", async () => {
  const defaults = { type: 'offset', offset_name_in_request: 'skip', response_path: 'values', limit_name_in_request: 'limit' };
  const { asked, yielded } = await read({ endpoint: '/x', paginate: { limit: 1 } }, [{ data: { values: ['a'] } }, { data: { values: [] } }], defaults);
  expect(yielded).toEqual([['a']]);
  expect(asked[0]?.params).toEqual({ limit: 1, skip: '0' });
  await expect(read({ endpoint: '/x' }, [])).rejects.toThrow('no pagination configuration');
});

describe('a hook on pages', () => {
  const cursor = { type: 'cursor', cursor_path_in_response: 'next', cursor_name_in_request: 'after', response_path: 'items' } as const;
  const link = { type: 'link', link_path_in_response_body: 'next', response_path: 'items' } as const;
  const offset = { type: 'offset', offset_name_in_request: 'skip', limit: 2, limit_name_in_request: 'take', response_path: 'items' } as const;
  const pages = [{ data: { items: [1, 2], next: 'https://x.example/p?2' } }, { data: { items: [3] } }];

  it.each([
    ['cursor', cursor, 'https://x.example/p?2'],
    ['link', link, '/p?2'],
    ['offset', offset, 2],
  ] as const)('is told by %s what leads to the next page, when its reader has done with this one', async (_name, pagination, next) => {
    const order: unknown[] = [];
    const on_page = async ({ nextPageParam, response }: { nextPageParam?: string | number; response: unknown }) => {
      await Promise.resolve();
      order.push(['told', nextPageParam, (response as HttpResponse<{ items: number[] }>).data.items]);
    };
    const send = async (config: ProxyConfiguration): Promise<HttpResponse> => {
      order.push('asked');
      return { data: pages[order.filter((what) => what === 'asked').length - 1]?.data, headers: {}, status: 200, statusText: 'OK', config, request: {} };
    };
    for await (const page of paginate({ endpoint: '/x', params: {}, paginate: { ...pagination, on_page } }, null, send)) order.push(page);
    expect(order).toEqual(['asked', [1, 2], ['told', next, [1, 2]], 'asked', [3], ['told', undefined, [3]]]);
  });

  it('that throws ends the reading', async () => {
    const on_page = () => Promise.reject(new Error('stop here'));
    await expect(read({ endpoint: '/x', paginate: { ...cursor, on_page } }, pages)).rejects.toThrow('stop here');
  });
});

describe('a page that is awkward', () => {
  const cursor = { type: 'cursor', cursor_path_in_response: 'next', cursor_name_in_request: 'after' } as const;

  it('is found at the root, under a key with dots, and in brackets', async () => {
    expect((await read({ endpoint: '/x', paginate: { ...cursor, response_path: '' } }, [{ data: [1] }])).yielded).toEqual([[1]]);
    expect((await read({ endpoint: '/x', paginate: { ...cursor, response_path: 'a.b' } }, [{ data: { 'a.b': [2] } }])).yielded).toEqual([[2]]);
    expect((await read({ endpoint: '/x', paginate: { ...cursor, response_path: 'a[0]["b.c"]' } }, [{ data: { a: [{ 'b.c': [3] }] } }])).yielded).toEqual([[3]]);
  });

  it.each([{ data: null }, { data: 'text' }, { data: { next: 'c' } }, { data: { items: {} } }])('ends the reading where it is no list: %j', async (page) => {
    expect((await read({ endpoint: '/x', paginate: { ...cursor, response_path: 'items' } }, [page])).yielded).toEqual([]);
  });

  it('keeps params that came as text, and the offset from where it starts as text', async () => {
    const pagination = { type: 'offset', offset_name_in_request: 'page', offset_start_value: '1', offset_calculation_method: 'per-page' } as const;
    const { asked } = await read({ endpoint: '/x', params: 'a=1', paginate: pagination }, [{ data: [1] }, { data: [] }]);
    expect(asked.map(({ params }) => params)).toEqual([
      { a: '1', page: '1' },
      { a: '1', page: '2' },
    ]);
  });

  it('refuses a type that does not exist, by name', async () => {
    await expect(read({ endpoint: '/x', paginate: { type: 'page' as never } }, [])).rejects.toThrow("'page' is not a pagination type");
  });
});

describe('pagination that goes in circles', () => {
  const cursor = { type: 'cursor', cursor_path_in_response: 'next', cursor_name_in_request: 'after', response_path: 'items' } as const;
  const link = { type: 'link', link_path_in_response_body: 'next', response_path: 'items' } as const;
  const circle = (next: (page: number) => string): Page[] => Array.from({ length: 20 }, (_, page) => ({ data: { items: [page % 2], next: next(page % 2) } }));

  it.each([
    ['cursors', cursor, circle((page) => `c${page}`)],
    ['links', link, circle((page) => `/x?page=${page}`)],
  ] as const)('by %s ends with an error before the same page is asked for a fourth time', async (_name, pagination, pages) => {
    const asked: string[] = [];
    const send = async (config: ProxyConfiguration): Promise<HttpResponse> => {
      asked.push(JSON.stringify([config.endpoint, config.params]));
      const { data } = pages[asked.length - 1] ?? { data: null };
      return { data, headers: {}, status: 200, statusText: 'OK', config, request: {} };
    };
    const readAll = async (): Promise<void> => {
      for await (const _page of paginate({ endpoint: '/x', params: {}, paginate: pagination }, null, send));
    };
    await expect(readAll()).rejects.toMatchObject({ code: 'pagination_cycle' });
    expect(asked.filter((url) => url === asked[1]).length).toBeLessThanOrEqual(3);
  });

  it('is not what an API with one cursor for all its pages does', async () => {
    const pages = [1, 2, 3, 4].map((page) => ({ data: { items: [page], next: page < 4 ? 'scroll' : null } }));
    const { yielded } = await read({ endpoint: '/x', params: {}, paginate: cursor }, pages);
    expect(yielded).toEqual([[1], [2], [3], [4]]);
  });
});
