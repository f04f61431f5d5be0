import { Inject, Injectable } from '@nestjs/common';
import { findProvider, loadProviders, type Provider } from 'providers';
import { CONFIGURATION, type Configuration } from '../configuration.js';

/** A provider of the catalogue with the address of its picture. */
export type ShownProvider = Provider & { logo_url: string };

@Injectable()
export class ProviderService {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** In the order of names; `search` looks into name, title and categories. */
  list(search?: string): ShownProvider[] {
    const wanted = search?.trim().toLowerCase() ?? '';
    const found = [...loadProviders().values()].filter((provider) => textOf(provider).includes(wanted));
    return found.map((provider) => this.shown(provider));
  }

  find(name: string): ShownProvider | undefined {
    const provider = findProvider(name);
    return provider && this.shown(provider);
  }

  private shown(provider: Provider): ShownProvider {
    return { ...provider, logo_url: `${this.configuration.serverUrl}/images/template-logos/${provider.name}.svg` };
  }
}

function textOf({ name, display_name, categories = [] }: Provider): string {
  return [name, display_name, ...categories].join(' ').toLowerCase();
}
