import { Module } from '@nestjs/common';
import { ScriptController } from './script.controller.js';
import { ScriptRepository } from './script.repository.js';
import { ScriptService } from './script.service.js';

@Module({ controllers: [ScriptController], providers: [ScriptService, ScriptRepository], exports: [ScriptService] })
export class ScriptModule {}
