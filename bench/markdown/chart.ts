/** One bar of a chart. */
export interface Bar {
  /** Short: it stands beside the bar. */
  readonly label: string;
  readonly value: number;
}

const BAR_HEIGHT = 30;
const HEADER_HEIGHT = 110;
// Legible on light and on dark pages, unlike the default.
const COLOUR = "#5b9bd5";

/** A bar chart as a Mermaid block, which GitHub renders. One series only: Mermaid has no legend, and draws a second one over the first.
 * The axis reaches from 0 to at least `least`. */
export function barChart(title: string, axis: string, bars: readonly Bar[], least = 1): string {
  const most = Math.max(least, ...bars.map(({ value }) => value));
  const config = {
    xyChart: { width: 900, height: HEADER_HEIGHT + bars.length * BAR_HEIGHT, showDataLabel: true },
    themeVariables: { xyChart: { plotColorPalette: COLOUR } },
  };
  return [
    "```mermaid",
    `%%{init: ${JSON.stringify(config)}}%%`,
    "xychart-beta horizontal",
    `  title ${JSON.stringify(title)}`,
    `  x-axis [${bars.map(({ label }) => JSON.stringify(label)).join(", ")}]`,
    `  y-axis ${JSON.stringify(axis)} 0 --> ${Math.ceil(most * 10) / 10}`,
    `  bar [${bars.map(({ value }) => value.toFixed(2)).join(", ")}]`,
    "```",
  ].join("\n");
}
