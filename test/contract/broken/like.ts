/** Matches text as SQL's LIKE does. */
export function like(text: string, pattern: string): boolean {
  const [first, second = "", ...rest] = pattern;
  const remaining = second + rest.join("");
  if (first === undefined) return text === "";
  if (first === "%") return like(text, remaining) || (text !== "" && like(text.slice(1), pattern));
  if (first === "_") return text !== "" && like(text.slice(1), remaining);
  if (first === "\\" && second !== "") return text.startsWith(second) && like(text.slice(second.length), rest.join(""));
  return text.startsWith(first) && like(text.slice(first.length), remaining);
}
