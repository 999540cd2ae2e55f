import { InvalidClientError } from "../errors.js";
import { describe, kindOf } from "../messages/describe.js";
import { isObject } from "../runtime/native-types.js";
import { type InstanceDelegate, isTransaction, type RawClient, ROW, SUMMARY } from "./client.js";

const FIELDS = Object.keys({ ...ROW, ...SUMMARY });

/**
 * The model that a client has as this property now: a Proxy can stand for the client of the current tenant or transaction.
 *
 * @throws {InvalidClientError} if it has none, or one that lacks fields.
 */
export function modelOf(client: RawClient, model: string): InstanceDelegate {
  const delegate: unknown = isObject(client) || typeof client === "function" ? Reflect.get(client, model) : undefined;
  const missing = isDelegate(delegate) ? missingFields(delegate) : [];
  if (isDelegate(delegate) && missing.length === 0) return delegate;
  const other = otherThing(client);
  if (other !== undefined) throw new InvalidClientError(`expected a Prisma Client, found ${other}`);
  const found = missing.length > 0 ? `one whose model lacks the fields ${missing.join(", ")}` : modelsOf(client);
  throw new InvalidClientError(
    `expected a Prisma Client with the model ${describe(model)}, found ${found}. ` +
      "Run: npx hephaestus-prisma init, then npx prisma generate. " +
      'If the model has another name in your schema, give it to the storage: { model: "yourName" }',
  );
}

/**
 * Checks a client as far as it can be read now.
 *
 * @throws {InvalidClientError} if it isn't one with the model, and if its reads go to replicas: what is read there may be
 * older than what was written, and an update would begin with it over and over.
 */
export function checkClient(client: RawClient, model: string): void {
  try {
    modelOf(client, model);
  } catch (error) {
    if (error instanceof InvalidClientError) throw error;
    return; // a Proxy outside of a tenant or a transaction: its model is checked with each call
  }
  if (!isTransaction(client) && "$primary" in client)
    throw new InvalidClientError(
      "this client reads from replicas (@prisma/extension-read-replicas). Build the storage's client without that extension, and with all others. " +
        "If the extension was added last, client.$primary() is that client",
    );
}

/** What is easily given for a client, and what to give instead. */
function otherThing(client: unknown): string | undefined {
  if (typeof client === "function" && /^class\b/.test(String(client)))
    return `a class: give one of its objects, new PrismaClient({ adapter })`;
  if (!isObject(client) || typeof client.query !== "function" || typeof client.connect !== "function") return undefined;
  return `${kindOf(client)}: createPgStorage of hephaestus-prisma/pg takes a pool`;
}

function modelsOf(client: unknown): string {
  if (!isObject(client)) return kindOf(client);
  const models = Object.keys(client).filter((name) => /^[^_$]/.test(name) && isDelegate(client[name]));
  return models.length === 0 ? `${kindOf(client)} without models` : `one with the models ${models.join(", ")}`;
}

/** The models of a deep mock are functions. */
function isDelegate(value: unknown): value is InstanceDelegate {
  return (isObject(value) || typeof value === "function") && typeof Reflect.get(value, "upsert") === "function";
}

/** Prisma lists a model's fields under `fields`. If nothing does so, none is missing. */
function missingFields(delegate: object): string[] {
  const fields: unknown = Reflect.get(delegate, "fields");
  return isObject(fields) ? FIELDS.filter((name) => !(name in fields)) : [];
}
