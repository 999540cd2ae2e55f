/** Something that the user can mend, told without a stack. */
export class Failure extends Error {
  /** What the process exits with. */
  readonly exitCode: 1 | 2 = 1;
}

/** A command line that can't be meant. */
export class UsageFailure extends Failure {
  override readonly exitCode = 2;
}

/** What an error says. Node tells both addresses of `localhost` refused as one error, without a message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
