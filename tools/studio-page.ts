import type { Browser, Locator, Page } from "playwright-core";

/** Opens a page for Studio that reaches no other host: Studio asks one whether it is up to date. */
export async function openStudio(browser: Browser, studioUrl: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1680, height: 540 } });
  const { host } = new URL(studioUrl);
  await page.route(
    (url) => url.host !== host,
    (route) => route.abort(),
  );
  await page.goto(studioUrl);
  return page;
}

/** Opens a table from Studio's list, and waits for its rows. */
export async function openTable(page: Page, table: string): Promise<void> {
  await page.getByRole("navigation", { name: "Tables" }).getByRole("link", { name: table, exact: true }).click();
  await page.locator(`a[data-active=true]:text-is("${table}")`).waitFor();
  await cells(page, "id").first().waitFor();
}

/** Asks something in Studio's SQL page, and waits for the answer. */
export async function runSql(page: Page, sql: string): Promise<void> {
  await page.getByRole("navigation", { name: "Studio" }).getByRole("link", { name: "SQL" }).click();
  await page.getByLabel("SQL editor").getByRole("textbox").fill(sql);
  await page.getByRole("button", { name: "Run SQL" }).click();
  await page.getByText(/row\(s\) returned/).waitFor();
}

/** The cells of a column, of all rows that are shown. */
export function cells(page: Page, column: string): Locator {
  return page.locator(`td[data-grid-column-id="${column}"]`);
}

/** A cell of the row that an instance is shown in. */
export function cellOf(page: Page, id: string, column: string): Locator {
  const row = page.getByRole("row").filter({ has: cells(page, "id").getByText(id, { exact: true }) });
  return row.locator(`td[data-grid-column-id="${column}"]`);
}
