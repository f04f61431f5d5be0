/** Encryption of bytes under an environment's key; `purpose` is bound in, so that bytes moved elsewhere do not open. */
export interface Sealer {
  seal(environmentId: number, purpose: string, plain: Uint8Array): Promise<Uint8Array>;
  open(environmentId: number, purpose: string, sealed: Uint8Array): Promise<Uint8Array>;
}
