import { Module } from '@nestjs/common';
import { ConnectionTargetModule } from '../script/connection-target.module.js';
import { RecordStoreModule } from './record-store.module.js';
import { RecordController } from './record.controller.js';
import { RecordService } from './record.service.js';

@Module({ imports: [ConnectionTargetModule, RecordStoreModule], controllers: [RecordController], providers: [RecordService], exports: [RecordService] })
export class RecordModule {}
