/** What no id can be, whatever a JavaScript caller's types say. Typed as strings, so that storages can be asked. */
export const badIds: readonly string[] = [
  ...([undefined, null, 7, { not: "x" }, ["order::1"]] as unknown as string[]),
  "",
  " ",
  "\u00a0\t",
  "x".repeat(256),
  "a\0b",
  "a\ud800b",
];
