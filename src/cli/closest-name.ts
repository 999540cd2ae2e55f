/** Such as ` Did you mean "list"?` for `lst`; nothing if no name is near. */
export function suggestion(text: string, names: readonly string[], quote: (name: string) => string = JSON.stringify): string {
  const near = names.map((name) => ({ name, distance: editDistance(text, name) })).sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= Math.max(1, Math.floor(near.name.length / 3)) ? ` Did you mean ${quote(near.name)}?` : "";
}

/** How many characters have to be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, character] of Array.from(from).entries()) {
    let [diagonal = 0] = above;
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const next = above[column + 1] ?? 0;
      current.push(Math.min(next + 1, (current[column] ?? 0) + 1, diagonal + (character === other ? 0 : 1)));
      diagonal = next;
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
