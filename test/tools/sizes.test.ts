import { expect, it } from "vitest";
import { sizesOf } from "../../tools/sizes.js";
import { readDocument } from "../../tools/snippets.js";

it("the package is no larger than docs/compatibility.md says, and not much smaller", async () => {
  const [, section = ""] = readDocument("docs/compatibility.md").split("## Sizes\n");
  const stated = [...section.matchAll(/\| +(\d+) +\|\n/g)].map(([, size]) => Number(size));
  const { ".": main, "./pg": pg, packed, unpacked } = await sizesOf();
  expect(stated).toHaveLength(4);
  for (const [n, size] of [main, pg, packed, unpacked].entries()) {
    expect(size).toBeLessThanOrEqual(stated[n] ?? 0);
    expect(size).toBeGreaterThan((stated[n] ?? 0) * 0.85);
  }
});
