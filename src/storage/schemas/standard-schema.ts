import { isObject } from "../../runtime/native-types.js";

/**
 * A validator of any library that implements Standard Schema (zod, valibot, arktype …), such as `z.object({ … })`. The
 * part of https://standardschema.dev that we call, written here because it is smaller than a dependency on it.
 */
export interface StandardSchema<Input = unknown> {
  readonly "~standard": {
    readonly version: 1;
    /** Returns what is wrong with a value. */
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    /** Only a type: what the validator takes. */
    readonly types?: { readonly input: Input } | undefined;
  };
}

/** What a validator returns. */
export interface StandardResult {
  /** What is wrong with the value; absent if nothing is. */
  readonly issues?: readonly StandardIssue[] | undefined;
}

/** One thing that a validator has found wrong. */
export interface StandardIssue {
  /** The validator's own words, which may repeat the value. */
  readonly message: string;
  /** Where in the value. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Whether a value is such a validator. Those of arktype are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  const standard: unknown = isObject(value) || typeof value === "function" ? Reflect.get(value, "~standard") : undefined;
  return isObject(standard) && standard.version === 1 && typeof standard.validate === "function";
}
