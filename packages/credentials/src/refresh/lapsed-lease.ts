/** SQL: whether a process with sessions of this application name lives. The database sees a killed process's sessions end at once. */
export const hasSessions = (name: string): string =>
  `exists (select 1 from pg_stat_activity a where a.datname = current_database() and a.application_name = ${name})`;

/**
 * SQL: whether the lease of the connection `c` was not given back although its time is over, or its holder has died. A holder that was cut
 * off looks dead, too: that is why a lapsed lease is watched before it is taken.
 */
export const isLapsed = `coalesce(c.lease_token is not null
  and (c.lease_until <= now() or c.lease_holder is not null and not ${hasSessions('c.lease_holder')}), false)`;
