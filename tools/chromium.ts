import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

// It makes no requests of its own, and runs without a sandbox, as root in a container must.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Debian's Chromium without a window, on a new profile that goes with it. @throws {Error} if it is not installed. */
export async function startChromium(): Promise<Browser> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const executablePath = process.env.CHROMIUM_PATH ?? folders.map((folder) => join(folder, "chromium")).find(existsSync);
  if (executablePath === undefined)
    throw new Error("this needs Chromium: apt-get install chromium, or CHROMIUM_PATH=/path/of/a/Chrome/or/Chromium");
  return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}
