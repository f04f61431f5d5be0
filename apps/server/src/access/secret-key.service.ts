import { Injectable } from '@nestjs/common';
import { hashKey } from 'credentials';
import { AppError } from 'model';
import { ConfigurationChanges } from './configuration-changes.repository.js';
import { SecretKeyRepository } from './secret-key.repository.js';

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

// Bounds what a missed notification can do: a revoked key works for at most this long.
const trustedForMs = 60_000;

@Injectable()
export class SecretKeyService {
  private readonly known = new Map<string, { environmentId: number; until: number }>();

  constructor(
    private readonly keys: SecretKeyRepository,
    changes: ConfigurationChanges,
  ) {
    changes.on('environment', () => this.known.clear());
  }

  /** The environment a secret key belongs to; only good keys are remembered, so nobody can fill the memory with bad ones. */
  async environmentOf(key: string): Promise<number> {
    const hash = hashKey(key);
    const known = this.known.get(hash.toString('base64'));
    if (known && known.until > Date.now()) return known.environmentId;
    const environmentId = await this.keys.environmentIdOf(hash);
    if (environmentId === null) throw refusal(key);
    this.known.set(hash.toString('base64'), { environmentId, until: Date.now() + trustedForMs });
    return environmentId;
  }
}

function refusal(key: string): AppError {
  if (uuidV4.test(key)) return new AppError('unknown_account', { message: 'Authentication failed. The provided secret key does not match any account.' });
  return new AppError('invalid_secret_key_format', { message: 'Authentication failed. The provided secret key is not a UUID v4.' });
}
