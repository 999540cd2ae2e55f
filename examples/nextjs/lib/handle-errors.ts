/** The HTTP status of each storage error that the caller can do something about. */
const STATUSES: ReadonlyMap<unknown, number> = new Map([
  ["INVALID_ID", 400],
  ["INVALID_INSTANCE", 400],
  ["NOT_SERIALIZABLE", 400],
  ["INSTANCE_NOT_FOUND", 404],
  ["INSTANCE_EXISTS", 409],
  ["STATE_TOO_LARGE", 413],
]);

/** Runs a handler, and turns the storage's errors into responses. */
export async function handleErrors(handler: () => Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    // By `code`, not by `instanceof`: a bundle may contain the package twice.
    const status = error instanceof Error && "code" in error ? STATUSES.get(error.code) : undefined;
    if (!(error instanceof Error) || status === undefined) throw error;
    return Response.json({ error: error.message }, { status });
  }
}
