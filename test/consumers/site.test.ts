import { createReadStream, existsSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join, normalize } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "../../tools/chromium.js";
import { guideAt, guideGroups } from "../../tools/guides.js";
import { ROOT } from "../examples/run-example.js";

const SITE = join(ROOT, "site"); // `npm test` builds it

describe("the documentation site, in a browser", () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const file = join(SITE, normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname)));
      const found = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
      if (!found.startsWith(SITE) || !existsSync(found)) return response.writeHead(404).end();
      createReadStream(found).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startChromium();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  it("opens with the README, and shows the guides in groups, in the order of their index", async () => {
    await page.goto(`${url}/index.html`);
    await page.locator('.col-content a[href="guides/existing-project.html"]').first().click();
    await expect.poll(() => page.title()).toContain(guideAt("docs/existing-project").title);
    await page.locator("pre code").first().waitFor();

    const navigation = page.locator("#tsd-nav-container");
    await navigation.locator("a").first().waitFor({ state: "attached" });
    const shown = (await navigation.locator("summary, a").allTextContents()).map((text) => text.trim());
    const expected = guideGroups().flatMap(({ title, guides }) => [title, ...guides.map((guide) => guide.title)]);
    expect(shown.filter((text) => expected.includes(text))).toEqual(expected);
    expect(shown).toContain("hephaestus-prisma/pg");
  });

  it("finds a call, a guide and a heading by searching", async () => {
    const find = async (words: string): Promise<string[]> => {
      await page.goto(`${url}/index.html`);
      await page.locator("#tsd-search-trigger").click();
      await page.locator("#tsd-search-input").fill(words);
      const results = page.locator("#tsd-search-results a");
      await results.first().waitFor({ timeout: 30_000 });
      const targets = (await results.all()).map((link) => link.getAttribute("href"));
      return (await Promise.all(targets)).map((target) => (target ?? "").replace("./", ""));
    };
    expect(await find("createPrismaStorage")).toContain("functions/hephaestus-prisma.createPrismaStorage.html");
    expect(await find("operations")).toContain("guides/operations.html");
    expect(await find("what to alert on")).toContain("guides/operations.html#what-to-alert-on");
    await page.locator("#tsd-search-results a", { hasText: "What to alert on" }).first().click();
    await expect.poll(() => page.url()).toContain("guides/operations.html#what-to-alert-on");
    await page.locator("#what-to-alert-on").waitFor();
  });

  it("has an anchor for each heading that the search finds", async () => {
    for (const { path, sections } of guideGroups().flatMap(({ guides }) => guides)) {
      const html = await readFile(join(SITE, `guides/${path.replace("docs/", "")}.html`), "utf8");
      expect(sections.filter(({ anchor }) => !html.includes(`id="${anchor}"`))).toEqual([]);
    }
  });

  it("copies code by a button", async () => {
    await page.goto(`${url}/guides/existing-project.html`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const block = page.locator(".col-content pre", { has: page.locator("button") }).first();
    const code = await block.locator("code").innerText();
    await block.hover();
    await block.locator("button").click();
    await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(code.trim());
  });

  it("has no file that a host would leave out, because its name begins with a dot", async () => {
    const files = (await readdir(SITE, { recursive: true })).map((path) => basename(path));
    expect(files.filter((name) => name.startsWith(".") && name !== ".nojekyll")).toEqual([]);
    expect(files).toContain("hephaestus-prisma.html");
  });
});
