import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashPassword, verifyPassword } from 'credentials';
import { AppError } from 'model';
import type { DashboardSession, SignIn } from 'model/dashboard';
import { UserRepository } from '../../account/user.repository.js';
import { EnvironmentRepository } from '../../environment/environment.repository.js';
import { SessionRepository, type SessionUser } from './session.repository.js';
import { SignInLimit } from './sign-in-limit.js';

/** How long a session lasts, in milliseconds. */
export const sessionMs = 14 * 86_400_000;

@Injectable()
export class SessionService {
  private readonly perEmail = new SignInLimit(10);
  private readonly perAddress = new SignInLimit(100);
  private readonly nobody = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly sessions: SessionRepository,
    private readonly users: UserRepository,
    private readonly environments: EnvironmentRepository,
  ) {}

  /** Opens a session. @throws AppError `unauthorized`, `too_many_request` */
  async signIn({ email, password }: SignIn, address: string): Promise<{ token: string; user: SessionUser }> {
    const name = email.trim().toLowerCase();
    this.requireTriesLeft(name, address);
    const user = await this.users.findByEmail(name);
    // The same work for a name that nobody has, so that the time does not tell names apart.
    const right = await verifyPassword(password.slice(0, 1_024), user?.passwordHash ?? (await this.nobody));
    if (!user || !right) throw this.refusal(name, address);
    this.perEmail.succeeded(name);
    const token = randomBytes(32).toString('base64url');
    await this.sessions.open(user.id, token, new Date(Date.now() + sessionMs));
    return { token, user };
  }

  userOf(token: string): Promise<SessionUser | null> {
    return this.sessions.userOf(token);
  }

  close(token: string): Promise<void> {
    return this.sessions.close(token);
  }

  /** What the dashboard knows of whoever is signed in. */
  async describe({ accountId, email, name }: SessionUser): Promise<DashboardSession> {
    const environments = await this.environments.list(accountId);
    return { user: { email, name }, environments: environments.map((environment) => ({ name: environment.name })) };
  }

  environmentId(user: SessionUser, name: string): Promise<number | null> {
    return this.environments.idOf(user.accountId, name);
  }

  private requireTriesLeft(email: string, address: string): void {
    const waitMs = Math.max(this.perEmail.waitMs(email), this.perAddress.waitMs(address));
    if (waitMs > 0) throw new AppError('too_many_request', { message: `Too many failed attempts; try again in ${Math.ceil(waitMs / 60_000)} minutes.` });
  }

  private refusal(email: string, address: string): AppError {
    this.perEmail.failed(email);
    this.perAddress.failed(address);
    return new AppError('unauthorized', { message: 'The e-mail address or the password is wrong.' });
  }
}
