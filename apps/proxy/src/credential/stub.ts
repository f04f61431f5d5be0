export class CredentialStore {
  constructor(..._: unknown[]) {}
  fresh(..._: unknown[]): Promise<any> { throw new Error('stub'); }
}
export const tokenRequest = (..._: unknown[]) => ({});
