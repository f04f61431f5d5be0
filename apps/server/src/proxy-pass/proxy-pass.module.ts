import { Module } from '@nestjs/common';
import { ProxyClient } from './proxy-client.js';
import { ProxyPassController } from './proxy-pass.controller.js';

@Module({ controllers: [ProxyPassController], providers: [ProxyClient], exports: [ProxyClient] })
export class ProxyPassModule {}
