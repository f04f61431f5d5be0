import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError, type ErrorCode, type FieldProblem } from 'model';
import type { z } from 'zod';

const codeByPlace: Partial<Record<ArgumentMetadata['type'], ErrorCode>> = {
  body: 'invalid_body',
  query: 'invalid_query_params',
  param: 'invalid_uri_params',
};

/** Validates `@Body`, `@Query`, `@Param` and own decorators against their `schema`; answers the first hundred problems in the surface's form. */
export class SchemaValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ validateCustomDecorators: true });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'param' || metadata.type === 'query') refuseNul(value, metadata);
    if (!metadata.schema) return value;
    this.stripProtoKeys(value);
    // A missing body is an empty one: every error then names the fields that are missing.
    const given = metadata.type === 'body' && (value === undefined || value === null) ? {} : value;
    const result = await this.validate<T>(given, metadata.schema);
    if (!result.issues) return result.value;
    throw problemsError(
      codeByPlace[metadata.type] ?? 'invalid_headers',
      result.issues.map((issue) => placed(issue, metadata)),
    );
  }
}

/** No name or value of ours has one, and Postgres takes none. */
function refuseNul(value: unknown, metadata: ArgumentMetadata): void {
  const fields = Object.entries(typeof value === 'object' && value !== null ? value : { '': value });
  const [field] = fields.find(([, text]) => [text].flat().some((part) => typeof part === 'string' && part.includes('\0'))) ?? [];
  if (field === undefined) return;
  const issue: Issue = { message: 'may hold no NUL character', path: field === '' ? [] : [field] };
  throw problemsError(codeByPlace[metadata.type] ?? 'invalid_headers', [placed(issue, metadata)]);
}

/** A part of the path is checked by itself: its problems do not say which one they are about. */
function placed(issue: Issue, { type, data }: ArgumentMetadata): Issue {
  return type === 'param' && data !== undefined ? { ...issue, path: [data, ...(issue.path ?? [])] } : issue;
}

/** The error that answers what a schema found: the code by where it was found, one entry a problem. */
export function problemsError(code: ErrorCode, issues: readonly Issue[]): AppError {
  const errors = issues.slice(0, 100).map(toProblem);
  const first = errors[0];
  const where = first?.path.length ? `${first.path.join('.')}: ` : '';
  return new AppError(code, { message: first ? `${where}${first.message}` : code.replaceAll('_', ' '), errors });
}

/** What zod and Standard Schema have in common about a problem; `code` is zod's. */
export type Issue = { message: string; code?: z.core.$ZodIssue['code']; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined };

function toProblem(issue: Issue): FieldProblem {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part)).map((part) => (typeof part === 'number' ? part : String(part)));
  return { code: issue.code ?? 'invalid', message: issue.message, path };
}
