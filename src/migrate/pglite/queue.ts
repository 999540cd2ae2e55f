/** A place in a queue. */
export interface Place {
  /** Settles when everyone ahead has left. */
  readonly turn: Promise<void>;
  /** Lets the next one go, also when our own turn was not awaited. */
  leave(): void;
}

const lastOf = new WeakMap<object, Promise<void>>();

/** Lines up for a resource that one caller at a time may use in this process. */
export function enterQueue(resource: object): Place {
  const turn = lastOf.get(resource) ?? Promise.resolve();
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  lastOf.set(
    resource,
    Promise.all([turn, left]).then(() => {}),
  );
  return { turn, leave };
}
