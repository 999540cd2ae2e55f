import type { Segment } from "../messages/path.js";
import type { Tree } from "./meta.js";

/** A value as JSON, which has BigInts for integers that are JSON numbers, and what its parts were. */
export interface Written {
  readonly json: unknown;
  readonly tree?: Tree | undefined;
}

/** What the writing of an object can do with its parts. */
export interface PartWriter {
  /** Writes a part of the object that is being written. */
  part(value: unknown, segment: Segment): Written;
  /** Whether a property is stored: our own marks aren't. Rejects one that would be lost. */
  isKept(value: object, key: string | symbol): key is string;
  /** Rejects the object, or a part of it. */
  readonly reject: (problem: string, segment?: Segment) => never;
}
