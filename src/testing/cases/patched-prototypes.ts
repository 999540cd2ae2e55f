const CLASSES = [BigInt, Date, Map, Set, RegExp, URL, Uint8Array, Error];

/**
 * Runs something while the classes of values have a `toJSON`, as applications give BigInt one for `response.json`. Takes
 * it away afterwards, even if that throws.
 *
 * @example
 * ```ts
 * await withPatchedPrototypes(() => storage.put(anInstance({ runtimeMetadata: { at: new Date(0) } })));
 * ```
 */
export async function withPatchedPrototypes<Result>(run: () => Promise<Result>): Promise<Result> {
  const originals = CLASSES.map(({ prototype }) => Reflect.getOwnPropertyDescriptor(prototype, "toJSON"));
  for (const { prototype } of CLASSES) Object.defineProperty(prototype, "toJSON", { value: () => "patched", configurable: true });
  try {
    return await run();
  } finally {
    for (const [index, { prototype }] of CLASSES.entries()) {
      const original = originals[index];
      if (original === undefined) Reflect.deleteProperty(prototype, "toJSON");
      else Object.defineProperty(prototype, "toJSON", original);
    }
  }
}
