import { Cron } from 'croner';
import { AppError } from 'model';

const defaultZone = 'UTC';
/** Numbers, names, lists, ranges and steps: what every cron reads in the same way. */
const name = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat';
const value = `(?:\\d{1,2}|${name})`;
const part = `(?:\\*|${value}(?:-${value})?)(?:/\\d{1,2})?`;
const fieldPattern = new RegExp(`^${part}(?:,${part})*$`, 'i');

/**
 * Reads what follows `cron` in a sync's `runs`: five fields (minute, hour, day of month, month, day of week) and a
 * time zone of the IANA database, UTC without one.
 *
 * @returns the same in one form: fields in capitals, single spaces, always a zone
 * @throws AppError `sync_interval_invalid`
 * @example parseCron('0 9 * * mon-fri Europe/Berlin') // '0 9 * * MON-FRI Europe/Berlin'
 */
export function parseCron(text: string): string {
  const [fields, zone] = split(text);
  if (fields.length !== 5 || !fields.every((field) => fieldPattern.test(field))) {
    throw invalid(text, `write five fields and a time zone, for example 'cron 0 9 * * 1-5 Europe/Berlin'`);
  }
  // Some read two days as either, others as both.
  if (fields[2] !== '*' && fields[4] !== '*') throw invalid(text, 'give a day of the month or a day of the week, and * for the other');
  if (!isZone(zone)) throw invalid(text, `'${zone}' is no time zone; write one such as Europe/Berlin`);
  const cron = `${fields.join(' ').toUpperCase()} ${zone}`;
  if (!reads(cron)) throw invalid(text, 'a field is out of its range, or the day never comes');
  return cron;
}

/** The parts of a cron text: five fields, and its zone. */
export function cronParts(cron: string): { expression: string; timezone: string } {
  const [fields, timezone] = split(cron);
  return { expression: fields.join(' '), timezone };
}

/** When it fires next after a moment, to the second; null when never again. */
export function nextCronRun(cron: string, after: Date): Date | null {
  const { expression, timezone } = cronParts(cron);
  return new Cron(expression, { timezone, mode: '5-part' }).nextRun(after);
}

function split(text: string): [fields: string[], zone: string] {
  const words = text.trim().split(/\s+/);
  return [words.slice(0, 5), words.slice(5).join(' ') || defaultZone];
}

function isZone(zone: string): boolean {
  try {
    // Offsets such as +01:00 are zones for Intl, but not for everybody.
    return !/^[+-]/.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

function reads(cron: string): boolean {
  try {
    return nextCronRun(cron, new Date()) !== null;
  } catch {
    return false;
  }
}

function invalid(text: string, hint: string): AppError {
  return new AppError('sync_interval_invalid', { message: `'cron ${text.trim()}' is no schedule; ${hint}` });
}
