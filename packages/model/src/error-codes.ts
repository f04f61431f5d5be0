type CodeEntry = { status: number; retryable: boolean };

/** Every error a caller can meet, with the HTTP status it is answered with and whether trying again can help. */
export const errorCodes = {
  // Who is asking
  missing_auth_header: { status: 401, retryable: false },
  malformed_auth_header: { status: 401, retryable: false },
  invalid_secret_key_format: { status: 401, retryable: false },
  unknown_account: { status: 401, retryable: false },
  invalid_connect_session_token_format: { status: 401, retryable: false },
  unknown_connect_session_token: { status: 401, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  too_many_request: { status: 429, retryable: true },
  // What is asked
  invalid_body: { status: 400, retryable: false },
  invalid_json: { status: 400, retryable: false },
  invalid_query_params: { status: 400, retryable: false },
  invalid_uri_params: { status: 400, retryable: false },
  invalid_headers: { status: 400, retryable: false },
  incorrect_param: { status: 400, retryable: false },
  body_too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  not_found: { status: 404, retryable: false },
  // Providers and integrations
  unknown_provider: { status: 404, retryable: false },
  unknown_provider_template: { status: 400, retryable: false },
  unknown_provider_config: { status: 400, retryable: false },
  missing_provider_config: { status: 400, retryable: false },
  missing_provider_config_key: { status: 400, retryable: false },
  duplicate_provider_config: { status: 409, retryable: false },
  missing_client_id: { status: 400, retryable: false },
  missing_client_secret: { status: 400, retryable: false },
  unsupported_provider: { status: 400, retryable: false },
  integration_not_allowed: { status: 400, retryable: false },
  wrong_auth_mode: { status: 400, retryable: false },
  // Connections and credentials
  missing_connection_id: { status: 400, retryable: false },
  missing_connection: { status: 400, retryable: false },
  unknown_connection: { status: 404, retryable: false },
  missing_access_token: { status: 400, retryable: false },
  missing_expires_at: { status: 400, retryable: false },
  missing_oauth_token: { status: 400, retryable: false },
  missing_oauth_token_secret: { status: 400, retryable: false },
  missing_basic_username: { status: 400, retryable: false },
  missing_api_key: { status: 400, retryable: false },
  invalid_metadata: { status: 400, retryable: false },
  invalid_credentials: { status: 424, retryable: false },
  connection_refresh_exhausted: { status: 424, retryable: false },
  connection_refresh_backoff: { status: 424, retryable: true },
  refresh_token_external_error: { status: 400, retryable: true },
  // Scripts, deploys and syncs
  invalid_deploy: { status: 400, retryable: false },
  concurrent_deployment: { status: 409, retryable: true },
  cli_too_old: { status: 400, retryable: false },
  sync_interval_too_short: { status: 400, retryable: false },
  sync_interval_invalid: { status: 400, retryable: false },
  no_syncs_found: { status: 400, retryable: false },
  unknown_sync: { status: 404, retryable: false },
  disabled_resource: { status: 404, retryable: false },
  invalid_variant: { status: 400, retryable: false },
  resource_capped: { status: 400, retryable: false },
  // Records
  missing_model: { status: 400, retryable: false },
  unknown_model: { status: 400, retryable: false },
  invalid_cursor: { status: 400, retryable: false },
  invalid_limit: { status: 400, retryable: false },
  invalid_offset: { status: 400, retryable: false },
  invalid_timestamp: { status: 400, retryable: false },
  invalid_record: { status: 400, retryable: false },
  // Runs of scripts
  unknown_execution: { status: 404, retryable: false },
  execution_fenced: { status: 409, retryable: false },
  execution_interrupted: { status: 500, retryable: false },
  execution_timeout: { status: 500, retryable: false },
  call_outcome_unknown: { status: 500, retryable: false },
  script_aborted: { status: 500, retryable: false },
  script_internal_error: { status: 500, retryable: false },
  script_network_error: { status: 500, retryable: false },
  script_http_error: { status: 424, retryable: false },
  script_out_of_memory: { status: 500, retryable: false },
  script_output_too_large: { status: 400, retryable: false },
  script_output_not_serializable: { status: 500, retryable: false },
  script_protocol_error: { status: 500, retryable: false },
  pagination_cycle: { status: 500, retryable: false },
  script_method_unavailable: { status: 500, retryable: false },
  script_module_not_allowed: { status: 500, retryable: false },
  action_script_runtime_error: { status: 500, retryable: false },
  invalid_action_input: { status: 400, retryable: false },
  invalid_action_output: { status: 400, retryable: false },
  invalid_sync_record: { status: 500, retryable: false },
  unknown_provider_template_in_config: { status: 500, retryable: false },
  // The way out
  missing_api_url: { status: 400, retryable: false },
  base_url_override_not_allowed: { status: 400, retryable: false },
  url_not_allowed: { status: 400, retryable: false },
  upstream_unreachable: { status: 502, retryable: true },
  upstream_timeout: { status: 504, retryable: true },
  // The platform itself
  temporal_unavailable: { status: 503, retryable: true },
  service_unavailable: { status: 503, retryable: true },
  invalid_encryption_key: { status: 500, retryable: false },
  decryption_failed: { status: 500, retryable: false },
  server_error: { status: 500, retryable: true },
} as const satisfies Record<string, CodeEntry>;

/** A code of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether a string that came over the wire is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
