import { build } from "esbuild";
import * as api from "hephaestus-prisma";
import { InstanceError, StorageError } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";

const classes = Object.entries(api).filter(([, value]) => isClass(value) && value.prototype instanceof StorageError);
const concrete = classes.map(([name]) => name).filter((name) => name !== "InstanceError");

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

  it("about one instance share a class with its id", () => {
    const error = new api.ConflictError("order::1", "it was changed");
    expect(error).toBeInstanceOf(InstanceError);
    expect(error).toMatchObject({ id: "order::1", name: "ConflictError", code: "CONFLICT" });
  });
});

function isClass(value: unknown): value is { prototype: unknown } {
  return typeof value === "function" && "prototype" in value;
}
