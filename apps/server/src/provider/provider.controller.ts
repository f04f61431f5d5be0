import { Controller, Get, Param, Query } from '@nestjs/common';
import { AppError } from 'model';
import { z } from 'zod';
import { ConnectSessionAccess } from '../access/connect-session.decorator.js';
import { ProviderService, type ShownProvider } from './provider.service.js';

const Search = z.object({ search: z.string().optional() });

@ConnectSessionAccess('also')
@Controller(['providers', 'provider'])
export class ProviderController {
  constructor(private readonly providers: ProviderService) {}

  @Get()
  list(@Query({ schema: Search }) { search }: z.infer<typeof Search>): { data: ShownProvider[] } {
    return { data: this.providers.list(search) };
  }

  @Get(':provider')
  get(@Param('provider') name: string): { data: ShownProvider } {
    const provider = this.providers.find(name);
    if (!provider) throw new AppError('unknown_provider', { message: `There is no provider '${name}'` });
    return { data: provider };
  }
}
