import { Module } from '@nestjs/common';
import { LogoController } from './logo.controller.js';
import { ProviderController } from './provider.controller.js';
import { ProviderService } from './provider.service.js';

@Module({ controllers: [ProviderController, LogoController], providers: [ProviderService], exports: [ProviderService] })
export class ProviderModule {}
