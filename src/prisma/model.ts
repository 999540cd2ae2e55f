import { isObject } from "../runtime/native-types.js";
import { COLUMNS, type InstanceDelegate, type RawClient, SUMMARY_COLUMNS } from "./client.js";
import { describe, kindOf } from "../messages/describe.js";
import { InvalidClientError } from "../errors.js";

const FIELDS = Object.keys({ ...COLUMNS, ...SUMMARY_COLUMNS });

/** The model that a client has as this property. @throws {InvalidClientError} if it has none, or one that lacks fields. */
export function modelOf(client: RawClient, model: string): InstanceDelegate {
  const delegate: unknown = isObject(client) || typeof client === "function" ? Reflect.get(client, model) : undefined;
  if (isDelegate(delegate) && missingFields(delegate).length === 0) return delegate;

  const found = isDelegate(delegate) ? `one whose model lacks the fields ${missingFields(delegate).join(", ")}` : modelsOf(client);
  throw new InvalidClientError(
    `expected a Prisma Client with the model ${describe(model)}, found ${found}. ` +
      "Copy hephaestus-prisma's workflow-instance.prisma into your schema folder and run: npx prisma generate. " +
      'If the model has another name in your schema, give it to the storage: { model: "yourName" }',
  );
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
