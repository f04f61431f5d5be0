import { Module } from '@nestjs/common';
import { ProxyClient } from './proxy-client.js';

@Module({ providers: [ProxyClient], exports: [ProxyClient] })
export class ProxyPassModule {}
