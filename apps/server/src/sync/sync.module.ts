import { Module } from '@nestjs/common';
import { CancellationModule } from '../cancellation/cancellation.module.js';
import { RecordStoreModule } from '../record/record-store.module.js';
import { ConnectionTargetModule } from '../script/connection-target.module.js';
import { SyncVariantController } from './sync-variant.controller.js';
import { SyncVariantRepository } from './sync-variant.repository.js';
import { SyncVariantService } from './sync-variant.service.js';
import { SyncController } from './sync.controller.js';
import { SyncRepository } from './sync.repository.js';
import { SyncService } from './sync.service.js';

@Module({
  imports: [CancellationModule, ConnectionTargetModule, RecordStoreModule],
  controllers: [SyncController, SyncVariantController],
  providers: [SyncService, SyncRepository, SyncVariantService, SyncVariantRepository],
  exports: [SyncService],
})
export class SyncModule {}
