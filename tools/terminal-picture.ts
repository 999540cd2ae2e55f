import { execFileSync } from "node:child_process";
import { AnsiUp } from "ansi_up";
import type { Browser } from "playwright-core";

/** Writes a picture of what a command prints in a terminal. `script` (util-linux) gives the command a terminal to print to. */
export async function pictureOf(browser: Browser, command: string, run: string, env: NodeJS.ProcessEnv, path: string): Promise<void> {
  const printed = execFileSync("script", ["-qec", `stty cols 110; ${run}`, "/dev/null"], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  const text = new AnsiUp().ansi_to_html(`$ ${command}\n${printed.replaceAll("\r", "")}`);
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  await page.setContent(
    `<pre style="display: inline-block; margin: 0; padding: 16px 20px; background: #1e1e1e; color: #ddd; font: 13px/1.5 monospace">${text}</pre>`,
  );
  await page.locator("pre").screenshot({ path });
  await page.close();
}
