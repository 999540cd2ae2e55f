import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** A request to stop. The second signal ends the process at once. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** The exit code that a shell expects after a signal; `null` if none came. */
  exitCode(): number | null;
  /** Stops listening. */
  release(): void;
}

/** Listens for the signals that ask a process to stop. */
export function listenForStop(): StopSignal {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    exitCode = 128 + constants.signals[signal];
    controller.abort();
    release();
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return { signal: controller.signal, exitCode: () => exitCode, release };
}
