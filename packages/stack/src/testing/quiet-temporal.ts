/** Lets Temporal's workers tell of errors alone. Test files share a process, which has one runtime: the first to ask decides. */
export async function quietTemporal(): Promise<void> {
  // Loaded here: most tests have no worker.
  const { DefaultLogger, IllegalStateError, Runtime } = await import('@temporalio/worker');
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
