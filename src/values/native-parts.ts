// What instances of JavaScript's classes hold, by methods that were taken once: applications can patch them, and other
// realms have others. Each of them looks at an internal slot, which nothing else has: `undefined` says that it isn't there.
const toIsoString = methodOf(Date.prototype, "toISOString");
const forEachOfMap = methodOf(Map.prototype, "forEach");
const forEachOfSet = methodOf(Set.prototype, "forEach");
const setHas = methodOf(Set.prototype, "has");
const sourceOf = getterOf(RegExp.prototype, "source");
const flagsOf = getterOf(RegExp.prototype, "flags");
const tagOfTypedArray = getterOf(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag);
const tagOf = methodOf(Object.prototype, "toString");

/** A valid Date's ISO 8601 text; `undefined` for an invalid one too. */
export function isoOf(value: object): string | undefined {
  return attempt(() => String(toIsoString(value)));
}

/** A RegExp's text: `/a/g`. */
export function regExpTextOf(value: object): string | undefined {
  return attempt(() => `/${String(sourceOf(value))}/${String(flagsOf(value))}`);
}

/** The keys and values of a Map. */
export function entriesOf(value: object): [key: unknown, item: unknown][] | undefined {
  const entries: [unknown, unknown][] = [];
  const add = (item: unknown, key: unknown): void => void entries.push([key, item]);
  return attempt(() => (forEachOfMap(value, add), entries));
}

/** The values of a Set. */
export function membersOf(value: object): unknown[] | undefined {
  const members: unknown[] = [];
  const add = (member: unknown): void => void members.push(member);
  return attempt(() => (forEachOfSet(value, add), members));
}

/** Whether a Set has a member. */
export function hasMember(set: object, member: unknown): boolean {
  return setHas(set, member) === true;
}

/** What class of typed arrays a value is of. */
export function typedArrayNameOf(value: object): unknown {
  return attempt(() => tagOfTypedArray(value));
}

/** Whether a value was made as an error, and doesn't only inherit from one. */
export function isErrorObject(value: object): boolean {
  return tagOf(value) === "[object Error]";
}

/** The text of a URL as this realm has it, or `undefined`. */
export function hrefOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).href : undefined;
}

/** The JSON of an item of a typed array: a number or, for what JSON lacks and BigInts, a text. */
export function jsonOfItem(item: unknown): unknown {
  if (Object.is(item, -0)) return "-0";
  return Number.isFinite(item) ? item : String(item);
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function methodOf(prototype: object, key: PropertyKey): (value: object, ...parameters: unknown[]) => unknown {
  const method: unknown = Reflect.get(prototype, key);
  return (value, ...parameters) => (typeof method === "function" ? (Reflect.apply(method, value, parameters) as unknown) : undefined);
}

function getterOf(prototype: object, key: PropertyKey): (value: object) => unknown {
  const getter = Reflect.getOwnPropertyDescriptor(prototype, key)?.get;
  return (value) => (getter === undefined ? undefined : (Reflect.apply(getter, value, []) as unknown));
}
