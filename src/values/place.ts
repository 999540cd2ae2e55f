import type { Segment } from "../messages/path.js";

/** A place in a value, and the one that it is a part of: a path that costs nothing until it is asked for. */
export interface Place {
  readonly value: unknown;
  readonly parent: Place | null;
  readonly segment: Segment;
  /** How many objects and arrays it is in. */
  readonly depth: number;
}

/** The place of a whole value. */
export function rootPlace(value: unknown): Place {
  return { value, parent: null, segment: "", depth: 0 };
}

/** The places of the parts of an object or an array; none of another value. */
export function* partsOf(place: Place): Generator<Place, void> {
  const { value, depth } = place;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value) as [string, unknown][])
    yield { value: part, parent: place, segment: Array.isArray(value) ? Number(key) : key, depth: depth + 1 };
}

/** A place, and those that it is in. */
export function* outwards(innermost: Place): Generator<Place, void> {
  for (let place: Place | null = innermost; place !== null; place = place.parent) yield place;
}

/** The path to a place. */
export function segmentsOf(innermost: Place): Segment[] {
  return Array.from(outwards(innermost), ({ segment }) => segment)
    .slice(0, -1)
    .reverse();
}
