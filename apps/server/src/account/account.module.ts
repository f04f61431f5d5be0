import { Module } from '@nestjs/common';
import { EnvironmentModule } from '../environment/environment.module.js';
import { AccountRepository } from './account.repository.js';
import { SeedService } from './seed.service.js';
import { UserRepository } from './user.repository.js';

@Module({
  imports: [EnvironmentModule],
  providers: [AccountRepository, UserRepository, SeedService],
  exports: [UserRepository],
})
export class AccountModule {}
