import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ScriptName, type SyncVariant, SyncVariantPlace } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { SyncVariantService } from './sync-variant.service.js';

@Controller('sync/:name/variant/:variant')
export class SyncVariantController {
  constructor(private readonly variants: SyncVariantService) {}

  @Post()
  @HttpCode(200)
  create(
    @EnvironmentId() environmentId: number,
    @Param('name', { schema: ScriptName }) name: string,
    @Param('variant', { schema: ScriptName }) variant: string,
    @Body({ schema: SyncVariantPlace }) place: SyncVariantPlace,
  ): Promise<SyncVariant> {
    return this.variants.create(environmentId, place, { name, variant });
  }

  @Delete()
  @HttpCode(200)
  async delete(
    @EnvironmentId() environmentId: number,
    @Param('name', { schema: ScriptName }) name: string,
    @Param('variant', { schema: ScriptName }) variant: string,
    @Body({ schema: SyncVariantPlace }) place: SyncVariantPlace,
  ): Promise<{ success: true }> {
    await this.variants.delete(environmentId, place, { name, variant });
    return { success: true };
  }
}
