import type { HostList } from 'egress';
import { AppError } from 'model';
import { type ApiRoot, apiRoot } from './upstream-url.js';

/** Whether callers may name another base URL than their connection's, and hosts that they may not name. */
export class BaseUrlOverridePolicy {
  constructor(private readonly settings: { enabled: boolean; deny: HostList }) {}

  /** @throws AppError `base_url_override_disabled`, `base_url_override_not_allowed`, `missing_api_url` for what is no URL */
  root(override: string): ApiRoot {
    if (!this.settings.enabled) throw new AppError('base_url_override_disabled', { message: 'Base URL overrides are switched off on this installation' });
    const root = apiRoot(override);
    const { hostname, port, protocol } = new URL(root.href);
    const wantedPort = port || (protocol === 'https:' ? '443' : '80');
    if (this.settings.deny.hasHost(hostname, wantedPort) || this.settings.deny.hasAddress(hostname, wantedPort))
      throw new AppError('base_url_override_not_allowed', { message: `No base URL override may lead to '${hostname}'` });
    return root;
  }
}
