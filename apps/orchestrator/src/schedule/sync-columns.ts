/** The rhythm of `sync y`: its own, or else its script's. */
export const rhythmColumns = `CASE WHEN y.frequency_ms IS NULL AND y.frequency_cron IS NULL THEN v.interval_ms ELSE y.frequency_ms END AS "intervalMs",
  CASE WHEN y.frequency_ms IS NULL AND y.frequency_cron IS NULL THEN v.cron ELSE y.frequency_cron END AS cron`;

/** The script of `sync y`, and its version `v` where it is deployed. */
export const scriptJoins = `JOIN script s ON s.id = y.script_id AND s.environment_id = y.environment_id
  LEFT JOIN script_version v ON v.id = s.active_version_id`;
