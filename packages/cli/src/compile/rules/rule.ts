import type { ManifestScript } from 'manifest';
import type ts from 'typescript';

/** What a rule knows beside the syntax. */
export type LintContext = { kind: ManifestScript['kind']; models: Set<string> };

/** What a rule found: where, and in words. */
export type Finding = { severity: 'error' | 'warning'; node: ts.Node; message: string };

/** A call `nango.<method>(...)`. */
export type NangoCall = { node: ts.CallExpression; method: string };
