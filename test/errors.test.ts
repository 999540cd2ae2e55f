import { createRequire } from "node:module";
import { build } from "esbuild";
import * as api from "hephaestus-prisma";
import { InstanceError, StorageError } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";

const classes = Object.entries(api).filter(
  ([, value]) => isClass(value) && (value === StorageError || value.prototype instanceof StorageError),
);
const concrete = classes.map(([name]) => name).filter((name) => !["InstanceError", "StorageError"].includes(name));

describe("the errors", () => {
  it.each(concrete)("%s has its name, also in a minified bundle and in front of its stack", async (name) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { ${name} } from "hephaestus-prisma"; export const { name, stack } = new ${name}("a", [], "c", "d", []);`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      minify: true,
      platform: "node",
      format: "esm",
      write: false,
    });
    const bundle = outputFiles[0]?.text ?? "";
    const bundled = (await import(`data:text/javascript,${encodeURIComponent(bundle)}`)) as { name: string; stack: string };
    expect(bundled.name).toBe(name);
    expect(bundled.stack.startsWith(`${name}: `)).toBe(true);
    expect(bundle).not.toContain(`class ${name}`);
  });

  it("are all here", () => {
    expect(concrete.length).toBeGreaterThan(14);
  });

  it.each(concrete)("%s is an instance of its own classes in another copy of the package, and of no others", (name) => {
    const required = createRequire(import.meta.url)("hephaestus-prisma") as typeof api;
    const error = make(required, name);
    const own = Object.entries(required).flatMap(([key, value]) => (isClass(value) && ordinary(value, error) ? [key] : []));
    expect(own).toEqual(expect.arrayContaining([name, "StorageError"]));
    expect(classes.some(([, value]) => ordinary(value, error))).toBe(false);
    expect(classes.flatMap(([key, value]) => (isClass(value) && error instanceof value ? [key] : [])).sort()).toEqual(own.sort());
    expect(make(api, name)).toBeInstanceOf(required.StorageError);
  });

  it("are not instances of a class that a user derives from them, and nothing else is one of them", () => {
    class LostRace extends api.ConflictError {}
    const conflict = new api.ConflictError("order::1", "it was changed");
    expect(conflict).not.toBeInstanceOf(LostRace);
    expect(new LostRace("order::1", "it was changed")).toBeInstanceOf(api.ConflictError);
    class ConflictError extends Error {
      override get name(): string {
        return "ConflictError";
      }
    }
    for (const other of [new ConflictError(), { ...conflict }, api.ConflictError.prototype, null, "ConflictError"])
      expect(other instanceof api.ConflictError).toBe(false);
  });

  it("about one instance share a class with its id", () => {
    const error = new api.ConflictError("order::1", "it was changed");
    expect(error).toBeInstanceOf(InstanceError);
    expect(error).toMatchObject({ id: "order::1", name: "ConflictError", code: "CONFLICT" });
  });
});

function isClass(value: unknown): value is (new (...given: unknown[]) => unknown) & { prototype: unknown } {
  return typeof value === "function" && "prototype" in value;
}

function make(copy: object, name: string): unknown {
  const found = Object.entries(copy).find(([key]) => key === name)?.[1] as unknown;
  if (!isClass(found)) throw new Error(`there is no class ${name}`);
  return new found("a", [], "c", "d", []);
}

/** What `instanceof` would say without our part in it. */
function ordinary(constructor: unknown, value: unknown): boolean {
  return Function.prototype[Symbol.hasInstance].call(constructor, value);
}
