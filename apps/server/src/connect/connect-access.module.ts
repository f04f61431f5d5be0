import { Module } from '@nestjs/common';
import { ConnectAccess } from './connect-access.service.js';
import { ConnectSessionRepository } from './connect-session.repository.js';

/** What the guard of the public API needs of connect sessions; apart from the rest, which is behind that guard. */
@Module({ providers: [ConnectAccess, ConnectSessionRepository], exports: [ConnectAccess, ConnectSessionRepository] })
export class ConnectAccessModule {}
