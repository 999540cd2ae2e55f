import { isStorableText } from "../instance/check.js";
import type { Segment } from "../messages/path.js";
import type { Written } from "./scalar-writer.js";

/** What the writing of an object can do with its parts. */
export interface PartWriter {
  /** Reads a part, once, and writes it. */
  part(segment: Segment, read: () => unknown): Written;
  /** Rejects the object, or a part of it. */
  reject(problem: string, segment?: Segment): never;
}

/** Writes a property that `read` returns. */
export function writeProperty(key: string, read: () => unknown, writer: PartWriter): Written {
  if (!isStorableText(key)) writer.reject("PostgreSQL can't store a key with a NUL character or a lone surrogate", key);
  return writer.part(key, read);
}
