import { AppError } from 'model';

/** The token of an Authorization header. @throws AppError `missing_auth_header`, `malformed_auth_header` */
export function bearerOf(header: string | undefined): string {
  if (!header) throw new AppError('missing_auth_header', { message: 'Authentication failed. The request is missing the Authorization header.' });
  const token = /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
  if (!token) throw new AppError('malformed_auth_header', { message: 'Authentication failed. The Authorization header must read "Bearer <secret key>".' });
  return token;
}
