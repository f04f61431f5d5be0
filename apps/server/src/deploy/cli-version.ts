import { AppError } from 'model';

const oldest = [0, 39, 25] as const;

/** Refuses a deploy of a CLI that is too old for this payload (surface 3.4); other clients pass. */
export function requireRecentCli(userAgent: string | undefined): void {
  const version = /^nango-cli\/(\d+)\.(\d+)\.(\d+)/
    .exec(userAgent ?? '')
    ?.slice(1)
    .map(Number);
  if (!version) return;
  const difference = oldest.map((part, position) => (version[position] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference < 0)
    throw new AppError('cli_too_old', { message: `This server needs a CLI of version ${oldest.join('.')} or later, not ${version.join('.')}` });
}
