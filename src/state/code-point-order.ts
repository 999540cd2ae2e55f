/** Orders texts as Elixir and UTF-8 do. JavaScript's own order differs from the first emoji on. */
export function byCodePoint(a: string, b: string): number {
  for (let index = 0; ; index++) {
    const left = a.codePointAt(index);
    const right = b.codePointAt(index);
    if (left !== right) return (left ?? -1) - (right ?? -1);
    if (left === undefined) return 0;
  }
}
