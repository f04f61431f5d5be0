/** Writes a moment in UTC after a pattern of `YYYY MM DD HH mm ss SSS X x Z`; everything else stays as it is. */
export function formatTime(pattern: string, at: Date): string {
  const iso = at.toISOString();
  const parts: Record<string, string> = {
    YYYY: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    DD: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
    SSS: iso.slice(20, 23),
    X: String(Math.floor(at.getTime() / 1000)),
    x: String(at.getTime()),
    Z: '+00:00',
  };
  return pattern.replaceAll(/\[([^\]]*)\]|YYYY|MM|DD|HH|mm|SSS|ss|X|x|Z/g, (part, literal?: string) => literal ?? parts[part] ?? part);
}
