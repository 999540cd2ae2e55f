/** Some bars side by side for each of some rows. */
export interface Chart {
  readonly title: string;
  /** What the bars of a row are, in order. */
  readonly series: readonly string[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  readonly values: readonly number[];
  /** Whether it is about this package. */
  readonly ours: boolean;
}

const WIDTH = 900;
const LABELS = 370;
const PLOT = WIDTH - LABELS - 70;
const BAR = 9;
const GAP = 12;
const TOP = 76;
const COLOURS = { ours: ["#7c2d12", "#c2410c", "#fb923c"], others: ["#1e293b", "#475569", "#94a3b8"] } as const;

/** An SVG of horizontal bars, with a line at 1. It brings its own background, so it is legible on light and dark pages. */
export function drawChart({ title, series, rows }: Chart): string {
  const rowHeight = series.length * BAR + GAP;
  const height = TOP + rows.length * rowHeight + 12;
  const most = Math.max(1, ...rows.flatMap(({ values }) => values.filter((value) => Number.isFinite(value))));
  const scale = (value: number): number => (value / most) * PLOT;
  const one = LABELS + scale(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff" stroke="#cbd5e1"/>`,
    text(20, 30, title, `font-size="17" font-weight="600"`),
    ...series.map((name, index) => {
      const x = 20 + index * 150;
      return [square(x, COLOURS.ours[index]), square(x + 14, COLOURS.others[index]), text(x + 32, 55, name, `font-size="13"`)].join("");
    }),
    ...rows.map(({ label, values, ours }, row) => {
      const y = TOP + row * rowHeight;
      const middle = y + (series.length * BAR) / 2 + 4.5;
      const bars = values.map((value, index) => {
        if (!Number.isFinite(value)) return "";
        const top = y + index * BAR;
        const fill = COLOURS[ours ? "ours" : "others"][index] ?? "#000000";
        return (
          `<rect x="${LABELS}" y="${top}" width="${scale(value).toFixed(1)}" height="${BAR - 1}" fill="${fill}"/>` +
          text(LABELS + scale(value) + 5, top + BAR - 1, value.toFixed(2), `font-size="9"`)
        );
      });
      return text(LABELS - 10, middle, label, `font-size="12" text-anchor="end"${ours ? ` font-weight="600"` : ""}`) + bars.join("");
    }),
    `<line x1="${one}" x2="${one}" y1="${TOP - 6}" y2="${height - 12}" stroke="#0f172a" stroke-width="1" stroke-dasharray="3 3"/>`,
    "</svg>\n",
  ].join("\n");
}

function square(x: number, fill = "#000000"): string {
  return `<rect x="${x}" y="45" width="11" height="11" fill="${fill}"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="#0f172a" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
