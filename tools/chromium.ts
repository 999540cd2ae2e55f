import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

// It calls no home, and runs where there is no sandbox to be had: as root, in a container.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Debian's Chromium without a window, on a new profile that goes with it. @throws where it is not installed. */
export async function startChromium(): Promise<Browser> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const executablePath = process.env.CHROMIUM_PATH ?? folders.map((folder) => join(folder, "chromium")).find(existsSync);
  if (executablePath === undefined)
    throw new Error("this needs Chromium: apt-get install chromium, or CHROMIUM_PATH=/path/of/a/Chrome/or/Chromium");
  return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}
