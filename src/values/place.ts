import type { Segment } from "../messages/path.js";

/** A place in a value, and the one that it is a part of: a path that costs nothing until it is asked for. */
export interface Place {
  readonly value: unknown;
  readonly parent: Place | null;
  readonly segment: Segment;
}

/** The path to a place. */
export function segmentsOf(innermost: Place): Segment[] {
  const segments: Segment[] = [];
  for (let place = innermost; place.parent !== null; place = place.parent) segments.push(place.segment);
  return segments.reverse();
}
