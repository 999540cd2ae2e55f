/** The part of a token of `parseArgs` that says which option was given. */
export interface GivenOption {
  readonly kind: string;
  readonly name?: string;
  readonly value?: string | undefined;
}

/** The command line of the next page: the same options as before, and where it begins. */
export function nextPageCommand(options: readonly GivenOption[], cursor: string): string {
  return ["npx hephaestus-prisma list", ...options.flatMap(repeat), "--after", cursor].join(" ");
}

function repeat({ kind, name, value }: GivenOption): string[] {
  if (kind !== "option" || name === undefined || name === "after") return [];
  if (value === undefined) return [`--${name}`];
  if (name === "url") return ["--url", "…"]; // it may hold a password
  return value.startsWith("-") ? [`--${name}=${shellWord(value)}`] : [`--${name}`, shellWord(value)];
}

/** A word of a command line, as a POSIX shell reads it back. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
