import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startChromium } from "../../tools/chromium.js";
import { startStudio, type Studio } from "../../tools/prisma-studio.js";
import { writeSamples } from "../../tools/sample-instances.js";
import { cellOf, cells, openStudio, openTable, runSql } from "../../tools/studio-page.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";

const SOON = { timeout: 30_000 };
const IDS = [
  "invoice::2026-0142",
  "invoice::2026-0143",
  "invoice::2026-0144",
  "order::4698",
  "order::4711",
  "order::4712",
  "order::4713",
  "order::4714",
];

describe("Prisma Studio, in a browser", () => {
  let database: PostgresDatabase;
  let studio: Studio;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    await writeSamples(database.client);
    studio = await startStudio(database.url);
    browser = await startChromium();
  });
  beforeEach(async () => void (page = await openStudio(browser, studio.url)));
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await studio?.stop();
    await database.close();
  });

  /** Edits a cell, as a user does, and saves it. */
  async function edit(id: string, column: string, value: string): Promise<void> {
    await cellOf(page, id, column).dblclick();
    await page.getByRole("dialog").getByRole("textbox").fill(value);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save 1 row" }).click();
    await page.getByRole("button", { name: "yes, write to db" }).click();
  }

  it("lists the instances of the table", async () => {
    await openTable(page, "workflow_instances");
    await expect.poll(() => cells(page, "id").allInnerTexts(), SOON).toEqual(IDS);
    expect(new Set(await cells(page, "status").allInnerTexts())).toEqual(new Set(["pending", "running", "waiting", "completed", "failed"]));
  });

  it("lists the view beside the table, and queries it in SQL", async () => {
    await page.getByRole("navigation", { name: "Tables" }).getByRole("link", { name: "workflow_instance_overview" }).waitFor();
    await runSql(page, "SELECT id, family, current_step, error FROM workflow_instance_overview ORDER BY id");
    await expect.poll(() => cells(page, "id").allInnerTexts(), SOON).toEqual(IDS);
    expect(await cellOf(page, "order::4712", "family").innerText()).toBe("Order.");
    expect(await cellOf(page, "order::4712", "current_step").innerText()).toBe("payment");
    expect(await cellOf(page, "order::4712", "error").innerText()).toBe("card declined");
  });

  it("shows what is stuck for more than an hour", async () => {
    await runSql(
      page,
      "SELECT id FROM workflow_instance_overview WHERE status <> 'completed' AND idle > interval '1 hour' ORDER BY idle DESC",
    );
    await expect.poll(() => cells(page, "id").allInnerTexts(), SOON).toEqual(["order::4711", "invoice::2026-0143", "order::4712"]);
  });

  it("filters by status", async () => {
    await openTable(page, "workflow_instances");
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "status" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Equal =", exact: true }).click();
    await page.getByRole("textbox", { name: "Filter value for status" }).fill("failed");
    await page.getByRole("button", { name: "Apply filter" }).click();
    await expect.poll(() => cells(page, "id").allInnerTexts(), SOON).toEqual(["invoice::2026-0143", "order::4712"]);
  });

  it("opens a state as readable JSON", async () => {
    await openTable(page, "workflow_instances");
    await cellOf(page, "order::4711", "state").dblclick();
    const text = await page.getByRole("dialog").getByRole("textbox").inputValue();
    expect(text).toContain('\n  "current_step": "payment",\n');
    const [row] = await database.sql("SELECT state FROM workflow_instances WHERE id = 'order::4711'");
    expect(JSON.parse(text)).toEqual(row?.state);
  });

  it("writes a status that an instance can have", async () => {
    await openTable(page, "workflow_instances");
    await edit("order::4714", "status", "failed");
    await expect.poll(() => database.sql("SELECT status FROM workflow_instances WHERE id = 'order::4714'")).toEqual([{ status: "failed" }]);
    await database.sql("UPDATE workflow_instances SET status = 'pending' WHERE id = 'order::4714'");
  });

  it("shows the database's error for any other status, and leaves the row unchanged", async () => {
    const before = await database.sql("SELECT * FROM workflow_instances ORDER BY id");
    await openTable(page, "workflow_instances");
    const rejected = page.waitForResponse((response) => response.request().postData()?.includes('"done"') === true);
    await edit("order::4711", "status", "done");
    await page.getByText('"update" operation failed').waitFor();
    expect(await (await rejected).json()).toMatchObject([{ code: "23514", constraint_name: "workflow_instances_status_check" }]);
    expect(await database.sql("SELECT * FROM workflow_instances ORDER BY id")).toEqual(before);
  });
});

it("says what to install if there is no Chromium", async () => {
  vi.stubEnv("PATH", "");
  vi.stubEnv("CHROMIUM_PATH", undefined);
  await expect(startChromium()).rejects.toThrow("this needs Chromium: apt-get install chromium");
  vi.unstubAllEnvs();
});
