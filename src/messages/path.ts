import { quote } from "./quote.js";

/** How a place in a value is written if it is neither an index nor a key. */
interface Place {
  readonly text: string;
}

/** One step of a path into a value. */
export type Segment = string | number | Place;

const LONGEST = 12;

/** Writes a path as JavaScript would: `context.initial.items[3].price`. A very long one is cut in its middle. */
export function formatPath(root: string, segments: readonly Segment[]): string {
  if (segments.length <= LONGEST) return root + segments.map(formatSegment).join("");
  const half = LONGEST / 2;
  return `${formatPath(root, segments.slice(0, half))} … ${formatPath("", segments.slice(-half))}`;
}

function formatSegment(segment: Segment): string {
  if (typeof segment === "number") return `[${segment}]`;
  if (typeof segment === "object") return segment.text;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(segment) ? `.${segment}` : `[${quote(segment)}]`;
}
