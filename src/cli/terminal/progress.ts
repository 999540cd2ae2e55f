/** The part of a stream that a progress line needs. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that is overwritten while the work goes on, and removed at its end. */
export interface Progress {
  show(line: string): void;
  clear(): void;
}

/** A progress line on a terminal. Any other stream gets none, so that it stays out of cron's mails and of logs. */
export function createProgress(stream: Terminal): Progress {
  let isShown = false;
  return {
    show(line) {
      if (stream.isTTY !== true) return;
      stream.write(`\r${line}\x1b[K`);
      isShown = true;
    },
    clear() {
      if (isShown) stream.write("\r\x1b[K");
      isShown = false;
    },
  };
}
