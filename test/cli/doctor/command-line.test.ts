import { describe, expect, it } from "vitest";
import { run } from "../program.js";

describe("the command line of hephaestus-prisma doctor", () => {
  it.each([
    [["--all"], "Unknown option '--all'"],
    [["now"], "Unexpected argument 'now'"],
    [["--url", "mysql://root:secret@localhost/x"], "the URL is invalid: expected one like postgresql://"],
  ])("rejects the command line %j", async (args, message) => {
    const { code, out, err } = await run(["doctor", ...args], "postgresql://nowhere.invalid/none");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`hephaestus-prisma: ${message}`);
    expect(err).not.toMatch(/^ +at |secret/m);
  });

  it("asks for a database, and explains itself", async () => {
    expect(await run(["doctor"])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("Set DATABASE_URL or give --url") as string,
    });
    const { code, out, err } = await run(["doctor", "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("--rows ");
    expect((await run(["--help"])).out).toMatch(/^ {2}doctor +find what is wrong/m);
  });
});
