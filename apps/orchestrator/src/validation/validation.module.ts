import { Module } from '@nestjs/common';
import { ValidationRepository } from './validation.repository.js';
import { ValidationService } from './validation.service.js';

@Module({ providers: [ValidationService, ValidationRepository], exports: [ValidationService] })
export class ValidationModule {}
