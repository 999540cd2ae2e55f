import { styleText } from "node:util";

/** Marks a text in a colour, or leaves it as it is. */
export type Colours = (colour: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

/** Colours for what is written to a stream: only a terminal gets any, and none where NO_COLOR says so (https://no-color.org). */
export function createColours({ isTTY }: { readonly isTTY?: boolean }): Colours {
  if (isTTY !== true || (process.env.NO_COLOR ?? "") !== "") return (_, text) => text;
  return (colour, text) => styleText(colour, text, { validateStream: false }); // asked above, where a test can answer too
}
