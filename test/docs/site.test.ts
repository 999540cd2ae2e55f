import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "../../tools/chromium.js";
import { ROOT } from "../examples/run-example.js";

const SITE = join(ROOT, "site"); // `npm run docs` builds it, before the tests

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

  it("opens with the README, and its links lead to the guides", async () => {
    await page.goto(`${url}/index.html`);
    await page.locator('.col-content a[href="documents/docs_existing-project.html"]').first().click();
    await expect.poll(() => page.title()).toContain("existing-project");
    await page.locator("pre code").first().waitFor();
  });

  it("finds a guide and a call by searching", async () => {
    await page.goto(`${url}/index.html`);
    await page.locator("#tsd-search-trigger").click();
    const input = page.locator("#tsd-search-input");
    const results = page.locator("#tsd-search-results");
    await input.fill("createPrismaStorage");
    await expect.poll(() => results.innerText(), { timeout: 30_000 }).toContain("createPrismaStorage");
    await input.fill("multi-tenancy");
    await expect.poll(() => results.innerText(), { timeout: 30_000 }).toMatch(/tenancy/i);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("multi-tenancy");
  });
});
