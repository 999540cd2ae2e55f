/** What was found, for messages: short values as they are, else their kind. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > 60 ? `a string of ${value.length} characters` : JSON.stringify(value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    default:
      return kindOf(value);
  }
}

/** What kind of value was found, for messages that must not repeat a state: it may hold secrets. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  try {
    return kindOfObject(value);
  } catch {
    return "an object that can't be read"; // a revoked Proxy, a getter that throws
  }
}

function kindOfObject(value: object): string {
  if (Array.isArray(value)) return "an array";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || prototype === Object.prototype) return "an object";
  const type: unknown = Reflect.get(prototype, "constructor");
  return `an instance of ${(typeof type === "function" && type.name) || "an unnamed class"}`;
}
