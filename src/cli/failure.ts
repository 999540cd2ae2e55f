/** Something that the user can fix: it is reported without a stack. */
export class Failure extends Error {
  /** Exit code of the process. */
  readonly exitCode: 1 | 2 = 1;
}

/** A command line that is wrong. */
export class UsageFailure extends Failure {
  override readonly exitCode = 2;
}

/** The message of an error. If both addresses of `localhost` refuse, Node throws one error without a message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
