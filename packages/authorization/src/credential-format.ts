import { AppError } from 'model';

/** A field of a credential that cannot be what it should be. `problem` says which form is right, and never holds the field's value. */
export function credentialFormatError(field: string, problem: string): AppError {
  return new AppError('invalid_credential_format', { message: `${field} ${problem}`, errors: [{ code: 'invalid_format', message: problem, path: [field] }] });
}
