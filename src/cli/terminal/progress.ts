/** The part of a stream that a progress line needs. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that is overwritten as the work goes on, and goes with it. */
export interface Progress {
  show(line: string): void;
  clear(): void;
}

/** A progress line, where somebody can see it: none of it gets into cron's mails and logs. */
export function createProgress(stream: Terminal): Progress {
  let shown = false;
  return {
    show(line) {
      if (stream.isTTY !== true) return;
      stream.write(`\r${line}\x1b[K`);
      shown = true;
    },
    clear() {
      if (shown) stream.write("\r\x1b[K");
      shown = false;
    },
  };
}
