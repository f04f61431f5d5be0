/** Something wrong in nango.yaml. Lines and columns count from 1. `path` names the place in words: `github > syncs > issues`. */
export type ManifestProblem = {
  severity: 'error' | 'warning';
  code: ProblemCode;
  file: string;
  line: number;
  column: number;
  path: string;
  /** What is wrong, and what would be right. */
  message: string;
};

/** Kinds of problems; those of a valid file are warnings. */
export type ProblemCode =
  | 'yaml_syntax'
  | 'missing_integrations'
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_type'
  | 'mixed_versions'
  | 'invalid_integration_id'
  | 'invalid_script_name'
  | 'invalid_runs'
  | 'invalid_version'
  | 'invalid_sync_type'
  | 'invalid_endpoint'
  | 'endpoints_mismatch'
  | 'duplicate_endpoint'
  | 'duplicate_model'
  | 'duplicate_script'
  | 'model_missing_id'
  | 'invalid_model_name'
  | 'model_extends_not_found'
  | 'model_extends_itself'
  | 'type_syntax_error'
  | 'empty_type'
  | 'both_post_connection_scripts_and_on_events_present'
  | 'track_deletes_incremental'
  | 'no_output'
  | 'description_too_long'
  | 'model_not_found_fallback'
  | 'model_is_literal'
  | 'cyclic_model'
  | 'deprecated_key';

/** One line: `nango.yaml:12:7 error model_missing_id: ...`. */
export function formatProblem(problem: ManifestProblem): string {
  const { file, line, column, severity, code, path, message } = problem;
  return `${file}:${line}:${column} ${severity} ${code}: ${path ? `${path}: ` : ''}${message}`;
}
