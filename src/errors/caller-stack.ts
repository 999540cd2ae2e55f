type Entry = (...args: never[]) => unknown;

/** The public function that is being called, as long as its caller is on the stack. */
let entry: Entry | undefined;

/** Makes a function public: errors of this package that are made in it, before it awaits anything, begin their stacks at its caller. */
export function entryPoint<Args extends readonly unknown[], Result>(method: (...args: Args) => Result): (...args: Args) => Result {
  const entered = (...args: Args): Result => {
    const outer = entry;
    entry = entered;
    try {
      return method(...args);
    } finally {
      entry = outer; // a promise that is returned goes on without it
    }
  };
  return entered;
}

/** Begins the stack of an error at the caller of the public function that made it. Engines without such a function keep theirs. */
export function beginAtCaller(error: Error): void {
  if (entry !== undefined && "captureStackTrace" in Error) Error.captureStackTrace(error, entry);
}
