import { Module } from '@nestjs/common';
import { BundleRepository } from './bundle.repository.js';

@Module({ providers: [BundleRepository], exports: [BundleRepository] })
export class BundleModule {}
