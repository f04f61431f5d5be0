/** What a user did wrong or has to repair: printed as it stands, without a stack. The process ends with exit code 1. */
export class CliError extends Error {
  constructor(
    message: string,
    /** Further lines below the message, for example one per problem. */
    readonly details: string[] = [],
  ) {
    super(message);
    this.name = 'CliError';
  }
}
