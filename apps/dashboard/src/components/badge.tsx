const tones = {
  good: 'bg-good/12 text-good',
  bad: 'bg-bad/12 text-bad',
  warn: 'bg-warn/15 text-warn',
  busy: 'bg-accent/12 text-accent',
  quiet: 'bg-raised text-muted',
} as const;

const toneOf: Record<string, keyof typeof tones> = {
  SUCCESS: 'good',
  success: 'good',
  ERROR: 'bad',
  failed: 'bad',
  RUNNING: 'busy',
  running: 'busy',
  PAUSED: 'warn',
  cancelled: 'warn',
};

/** A status or a short label; known statuses have their colour. */
export function Badge({ children, tone }: { children: string; tone?: keyof typeof tones }) {
  return (
    <span className={`inline-block rounded px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone ?? toneOf[children] ?? 'quiet']}`}>
      {children.toLowerCase()}
    </span>
  );
}
