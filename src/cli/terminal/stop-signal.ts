import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Being asked to stop. The second time, the process ends at once. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** What a shell expects of a process that a signal has stopped; `null` where none came. */
  exitCode(): number | null;
  /** Leaves the signals alone again. */
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
