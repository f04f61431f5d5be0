import { Module } from '@nestjs/common';
import { SaveTargetRepository } from './save-target.repository.js';
import { SaveTargets } from './save-targets.service.js';

@Module({ providers: [SaveTargets, SaveTargetRepository], exports: [SaveTargets] })
export class SaveTargetModule {}
