/** How something grows with the rows. */
export interface Line {
  readonly label: string;
  /** A value for each number of rows. */
  readonly values: readonly number[];
  /** Whether it must stay flat. */
  readonly flat: boolean;
}

const WIDTH = 900;
const LEFT = 70;
const RIGHT = 300;
const TOP = 60;
const PLOT_HEIGHT = 400;
const LABEL_HEIGHT = 16;
const FLAT = ["#c2410c", "#b45309", "#be123c", "#7c2d12", "#a21caf"] as const;
const GROWING = "#64748b";

/** An SVG of lines on two logarithmic axes, where what is flat is level. It brings its own background, for light and dark pages. */
export function drawLines(title: string, rows: readonly number[], lines: readonly Line[]): string {
  const height = Math.max(TOP + PLOT_HEIGHT, TOP + lines.length * LABEL_HEIGHT) + 40;
  const all = lines.flatMap(({ values }) => values).filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...all)));
  const high = Math.ceil(Math.log10(Math.max(...all)));
  const bottom = height - 40;
  const x = (index: number): number => LEFT + (index / Math.max(1, rows.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => bottom - ((Math.log10(value) - low) / Math.max(1, high - low)) * (bottom - TOP);
  const decades = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const ends = lines.map((line, index) => ({ line, index, end: y(line.values.at(-1) ?? 1) })).sort((a, b) => a.end - b.end);
  const places = spread(
    ends.map(({ end }) => end),
    TOP,
    bottom,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff" stroke="#cbd5e1"/>`,
    text(20, 30, title, `font-size="17" font-weight="600"`),
    ...decades.map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#e2e8f0"/>` +
        text(LEFT - 8, y(value) + 4, `${value.toLocaleString("en")} ms`, `font-size="11" text-anchor="end"`),
    ),
    ...rows.map((count, index) => text(x(index), bottom + 24, `${count.toLocaleString("en")} rows`, `font-size="12" text-anchor="middle"`)),
    ...ends.map(({ line, index, end }, place) => {
      const colour = line.flat ? (FLAT[index % FLAT.length] ?? GROWING) : GROWING;
      const points = line.values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
      const right = WIDTH - RIGHT;
      const labelY = places[place] ?? end;
      return [
        `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"${line.flat ? "" : ' stroke-dasharray="5 4"'}/>`,
        ...points.map((point) => `<circle cx="${point.split(",")[0]}" cy="${point.split(",")[1]}" r="3" fill="${colour}"/>`),
        `<line x1="${right + 4}" x2="${right + 22}" y1="${end.toFixed(1)}" y2="${labelY.toFixed(1)}" stroke="${colour}" stroke-width="0.7"/>`,
        text(right + 26, labelY + 4, line.label, `font-size="12"${line.flat ? ` font-weight="600"` : ""}`, colour),
      ].join("");
    }),
    "</svg>\n",
  ].join("\n");
}

/** Moves places that lie too close to each other apart, in their order. */
function spread(places: readonly number[], top: number, bottom: number): number[] {
  const moved: number[] = [];
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? top - LABEL_HEIGHT) + LABEL_HEIGHT));
  let limit = bottom;
  for (let index = moved.length - 1; index >= 0; index--) {
    const place = Math.min(moved[index] ?? limit, limit);
    moved[index] = place;
    limit = place - LABEL_HEIGHT;
  }
  return moved;
}

function text(x: number, y: number, content: string, attributes: string, colour = "#0f172a"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
