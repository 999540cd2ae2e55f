/** A walk through a JSON text from string to string. */
export interface StringScan {
  readonly text: string;
  /** Before here, all strings have ended. */
  next: number;
}

/** Whether a place of the text lies within a string. To be asked in order. By native search: a string can have megabytes. */
export function isWithinString(scan: StringScan, index: number): boolean {
  const { text } = scan;
  for (;;) {
    if (index < scan.next) return true;
    const start = text.indexOf('"', scan.next);
    if (start === -1 || start > index) return false;
    scan.next = endOfString(text, start);
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

/** Whether an odd number of backslashes stands before a place. */
export function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (index - before) % 2 === 1;
}

const BACKSLASH = 0x5c;
