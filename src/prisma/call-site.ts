/**
 * Calls one of Prisma's verbs without the stack trace that Prisma takes of every call, to show its line in messages:
 * it would be a line of ours, and costs a tenth of a `get`. Prisma takes it before the verb returns; of other code, only
 * a method that an extension has put in the verb's place begins to run by then.
 */
export function withoutCallSite<Result>(verb: () => Result): Result {
  const { stackTraceLimit } = Error;
  Reflect.set(Error, "stackTraceLimit", 0); // where intrinsics are frozen, nothing happens
  try {
    return verb();
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}
