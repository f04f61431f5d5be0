import { z } from 'zod';

const longestList = 200;

/** `host`, `*.domain`, either with `:port`; or a network. The proxy reads it the same way. */
const hostPattern = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.?(:\d{1,5})?$/i;
const address6Pattern = /^\[([^\]]*)\](:\d{1,5})?$/;

/** A host or network that an environment's lists may name. */
export const EgressEntry = z
  .string()
  .trim()
  .max(260)
  .superRefine((entry, context) => {
    const why = whatIsWrong(entry);
    if (why) context.addIssue({ code: 'custom', message: `'${entry}' ${why}` });
  });

/** Where the calls of an environment may go, beneath what the platform itself allows: with an allow-list nowhere else, and never to what is denied. */
export const EgressSettings = z.strictObject({ allow: z.array(EgressEntry).max(longestList), deny: z.array(EgressEntry).max(longestList) });
export type EgressSettings = z.infer<typeof EgressSettings>;

/** Body of `PATCH /environment/egress`: what is absent stays. */
export const EgressSettingsPatch = EgressSettings.partial();
export type EgressSettingsPatch = z.infer<typeof EgressSettingsPatch>;

const form = 'name a host (api.example.com), a domain (*.example.com), either with a port, or a network (10.0.0.0/8)';

function whatIsWrong(entry: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return `is a URL: ${form}`;
  if (entry.includes('/')) return isNetwork(entry) ? undefined : `is no network: ${form}`;
  const [, address, portOfAddress] = address6Pattern.exec(entry) ?? [];
  if (isAddress6(address ?? entry)) return isPort(portOfAddress) ? undefined : 'has a port that does not exist';
  if (!hostPattern.test(entry)) return `is no host: ${form}`;
  const [host = '', port] = entry.split(':');
  if (/^[\d.]+$/.test(host.replace('*.', '')) && !z.ipv4().safeParse(host).success) return `is no address: ${form}`;
  return isPort(port === undefined ? undefined : `:${port}`) ? undefined : 'has a port that does not exist';
}

const isNetwork = (text: string): boolean => z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success;
const isAddress6 = (text: string): boolean => z.ipv6().safeParse(text).success;
const isPort = (text: string | undefined): boolean => text === undefined || (Number(text.slice(1)) >= 1 && Number(text.slice(1)) <= 65_535);
