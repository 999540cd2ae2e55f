import { styleText } from "node:util";

/** Marks a text in a colour, or leaves it as it is. */
export type Colours = (colour: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

/**
 * Colours for what is written to a stream: only a terminal gets any, and none if NO_COLOR is set (https://no-color.org).
 * FORCE_COLOR comes before both, as in Node.
 */
export function createColours({ isTTY }: { readonly isTTY?: boolean }): Colours {
  const { NO_COLOR = "", FORCE_COLOR } = process.env;
  const isColoured = FORCE_COLOR === undefined ? isTTY === true && NO_COLOR === "" : !["0", "false"].includes(FORCE_COLOR);
  if (!isColoured) return (_, text) => text;
  return (colour, text) => styleText(colour, text, { validateStream: false }); // decided above, so that a test can decide it too
}

const STATUS_COLOURS: ReadonlyMap<string, Parameters<Colours>[0]> = new Map([
  ["running", "cyan"],
  ["waiting", "yellow"],
  ["completed", "green"],
  ["failed", "red"],
] as const);

/** A status, or a cell with one, in its colour. */
export function colourStatus(text: string, colours: Colours): string {
  const colour = STATUS_COLOURS.get(text.trim());
  return colour === undefined ? text : colours(colour, text);
}
