/** The items that a comma-separated flag names; all of them without the flag. */
export function chooseByName<T>(flag: string, value: string | undefined, items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (value === undefined) return items;
  const names = value.split(",");
  const unknown = names.filter((name) => !items.some((item) => nameOf(item) === name));
  if (unknown.length > 0)
    throw new Error(
      `${flag}: found ${unknown.map((name) => JSON.stringify(name)).join(", ")}, expected some of ${items.map(nameOf).join(",")}`,
    );
  return items.filter((item) => names.includes(nameOf(item)));
}

/** The number that a flag gives. */
export function positiveInteger(flag: string, value: string, least = 1): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`${flag}: found ${JSON.stringify(value)}, expected an integer of at least ${least}`);
  return number;
}
