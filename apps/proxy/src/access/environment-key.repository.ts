import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL } from 'database';

@Injectable()
export class EnvironmentKeyRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async environmentIdOf(keyHash: Buffer): Promise<number | null> {
    const { rows } = await this.pool.query<{ id: number }>({
      name: 'environment_by_key',
      text: 'SELECT id FROM environment WHERE secret_key_hash = $1',
      values: [keyHash],
    });
    return rows[0]?.id ?? null;
  }
}
