/** The server's or the provider's own words. */
export function Details({ label, children }: { label: string; children: string }) {
  return (
    <p className="w-full rounded-lg bg-raised px-3 py-2 text-left text-xs/5 text-muted wrap-anywhere">
      <span className="font-medium text-ink">{label}: </span>
      {children}
    </p>
  );
}
