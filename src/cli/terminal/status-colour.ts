import type { Colours } from "./colours.js";

const COLOURS: ReadonlyMap<string, Parameters<Colours>[0]> = new Map([
  ["running", "cyan"],
  ["waiting", "yellow"],
  ["completed", "green"],
  ["failed", "red"],
] as const);

/** A status, or a cell with one, in its colour. */
export function colourStatus(text: string, colours: Colours): string {
  const colour = COLOURS.get(text.trim());
  return colour === undefined ? text : colours(colour, text);
}
