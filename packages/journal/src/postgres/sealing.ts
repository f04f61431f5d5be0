/** Encryption of text under an environment's key; `Vault` of the package `credentials` is one. */
export interface TextSealer {
  sealText(environmentId: number, purpose: string, text: string): Promise<string>;
  openText(environmentId: number, purpose: string, sealed: string): Promise<string>;
}

/** What the columns of an execution are sealed for. */
export const executionPurposes = { input: 'execution.input', output: 'execution.output', error: 'execution.error' } as const;

/** JSON of a value, sealed; `undefined` becomes null in the column. */
export async function sealJson(sealer: TextSealer, environmentId: number, purpose: string, value: unknown): Promise<string | null> {
  const text = JSON.stringify(value);
  return text === undefined ? null : sealer.sealText(environmentId, purpose, text);
}

/** The value that {@link sealJson} sealed. */
export async function openJson(sealer: TextSealer, environmentId: number, purpose: string, sealed: string | null): Promise<unknown> {
  return sealed === null ? undefined : (JSON.parse(await sealer.openText(environmentId, purpose, sealed)) as unknown);
}
