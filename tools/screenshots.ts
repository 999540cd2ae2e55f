import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { startChromium } from "./chromium.js";
import { startStudio } from "./prisma-studio.js";
import { startSampleDatabase } from "./sample-database.js";
import { pictureOf } from "./terminal-picture.js";
import { cellOf, openStudio, openTable, runSql } from "./studio-page.js";

// Writes the pictures of the README and docs/studio.md.
const DOCS = fileURLToPath(new URL("../docs/", import.meta.url));
const WHAT_IS_STUCK = `SELECT id, status, current_step, active_steps, last_event, idle, error
FROM workflow_instance_overview
WHERE status <> 'completed' ORDER BY updated_at`;

/** Drags the corner of something by so many pixels. */
async function drag(page: Page, element: Locator, right: number, down: number): Promise<void> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("there is nothing to drag");
  const [x, y] = [box.x + box.width - 3, box.y + box.height - 3];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right, y + down);
  await page.mouse.up();
}

const samples = await startSampleDatabase();
const studio = await startStudio(samples.url);
const browser = await startChromium();
try {
  const page = await openStudio(browser, studio.url);
  await drag(page, page.getByRole("button", { name: "Resize navigation" }), 40, 0);
  await openTable(page, "workflow_instances");
  await cellOf(page, "invoice::2026-0143", "state").dblclick();
  const editor = page.getByRole("dialog").getByRole("textbox");
  await editor.press("Control+End");
  await drag(page, editor, 120, 200);
  await page.screenshot({ path: `${DOCS}studio-table.png` });

  await page.keyboard.press("Escape");
  await runSql(page, WHAT_IS_STUCK);
  await page.screenshot({ path: `${DOCS}studio-overview.png` });

  for (const [name, args] of [
    ["list", "list"],
    ["show", "show order::4711"],
  ] as const) {
    const run = `${process.execPath} dist/cli/main.js ${args}`;
    await pictureOf(browser, `npx hephaestus-prisma ${args}`, run, { DATABASE_URL: samples.url }, `${DOCS}${name}.png`);
  }
} finally {
  await browser.close();
  await studio.stop();
  await samples.stop();
}
