import { findProvider } from 'providers';

/** Puts what the catalogue says of a provider's token answers into the form of RFC 6749: where the token stands, what its life is counted in. */
export function standardTokenBody(providerName: string, body: unknown): unknown {
  const provider = findProvider(providerName);
  if (!provider || !isFields(body)) return body;
  const { alternate_access_token_response_path: path, expires_in_unit: unit } = provider;
  const fields = path === undefined ? body : { ...body, access_token: valueAt(body, path) ?? body['access_token'] };
  const life = Number(fields['expires_in']);
  return unit === 'milliseconds' && Number.isFinite(life) ? { ...fields, expires_in: life / 1000 } : fields;
}

function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined), body);
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
