// What instances of JavaScript's classes hold, by methods that were taken once: applications can patch them, and other
// realms have others. Each of them looks at an internal slot, which nothing else has: `undefined` says that it isn't there.
const toIsoString = methodOf(Date.prototype, "toISOString");
const forEachOfMap = methodOf(Map.prototype, "forEach");
const forEachOfSet = methodOf(Set.prototype, "forEach");
const setHas = methodOf(Set.prototype, "has");
const tagOf = methodOf(Object.prototype, "toString");

/** A valid Date's ISO 8601 text; `undefined` for an invalid one too. */
export function isoOf(value: object): string | undefined {
  return attempt(() => String(toIsoString(value)));
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

// Immer freezes Maps and Sets by properties that shadow these.
export const MAP_MUTATORS: readonly string[] = ["set", "delete", "clear"];
export const SET_MUTATORS: readonly string[] = ["add", "delete", "clear"];

/**
 * The keys of an object's own properties that are data. Functions that shadow a method of its class are none: those that
 * freeze a Map or a Set, and the `constructor` of a Date under fake timers.
 */
export function ownDataOf(value: object, methods: readonly string[]): (string | symbol)[] {
  const isMethod = (key: string | symbol): boolean =>
    typeof key === "string" && methods.includes(key) && typeof Reflect.getOwnPropertyDescriptor(value, key)?.value === "function";
  return Reflect.ownKeys(value).filter((key) => !isMethod(key));
}

/** Whether a value was made as an error, and doesn't only inherit from one. */
export function isErrorObject(value: object): boolean {
  return tagOf(value) === "[object Error]";
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
