/** What went wrong, in the server's words. */
export function Failure({ error }: { error: unknown }) {
  return (
    <p role="alert" className="rounded-md border border-bad/40 bg-bad/10 px-4 py-3 text-bad">
      {error instanceof Error ? error.message : 'Something went wrong.'}
    </p>
  );
}
