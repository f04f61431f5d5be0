import { Module } from '@nestjs/common';
import { ConnectionTargetModule } from '../script/connection-target.module.js';
import { RecordStoreModule } from './record-store.module.js';
import { DeletionController } from './deletion.controller.js';
import { DeletionService } from './deletion.service.js';
import { RecordController } from './record.controller.js';
import { RecordService } from './record.service.js';

@Module({
  imports: [ConnectionTargetModule, RecordStoreModule],
  controllers: [RecordController, DeletionController],
  providers: [RecordService, DeletionService],
  exports: [RecordService, DeletionService],
})
export class RecordModule {}
