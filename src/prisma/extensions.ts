import { isObject } from "../runtime/native-types.js";
import { type InstanceDelegate, isTransaction, type RawClient } from "./client.js";

// Every operation that a model has. An extension that only changes one that this package doesn't call counts too.
const OPERATIONS = [
  ...["findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany", "count", "aggregate", "groupBy"],
  ...["create", "createMany", "createManyAndReturn", "update", "updateMany", "updateManyAndReturn", "upsert", "delete", "deleteMany"],
];
const CLIENT_METHODS = ["$transaction", "$queryRawUnsafe", "$executeRawUnsafe"];

/** What Prisma Client 6.19 and 7 keep about `$extends`. It isn't documented: anything else is a client that isn't known. */
interface Extensions {
  isEmpty(): unknown;
  getAllQueryCallbacks(model: string, operation: string): readonly unknown[];
  getAllModelExtensions(model: string): object | undefined;
  getAllClientExtensions(): object | undefined;
}

/**
 * Whether extensions of a client can see, change or replace the calls of a model, such as a filter for a tenant. Raw SQL
 * goes around them. Extensions of results, of other models, and those that only add methods can't.
 *
 * A client that isn't known counts as extended: a mock, a wrapper of one's own, one of another version of Prisma.
 */
export function hasQueryExtensions(client: RawClient, model: string, instances: InstanceDelegate): boolean {
  const extensions = extensionsOf(client);
  const isEmpty = extensions?.isEmpty();
  if (extensions === null || typeof isEmpty !== "boolean") return true;
  if (isEmpty) return !isTransaction(client) && Reflect.get(instances, "$parent") !== client; // a Proxy, say
  const added = Object.keys(extensions.getAllModelExtensions(model) ?? {});
  const clientAdded = Object.keys(extensions.getAllClientExtensions() ?? {});
  return (
    OPERATIONS.some((operation) => added.includes(operation) || extensions.getAllQueryCallbacks(model, operation).length > 0) ||
    [model, ...CLIENT_METHODS].some((name) => clientAdded.includes(name))
  );
}

/** Whether a client has the extensions of another, and one more. */
export function isExtendedOnce(client: RawClient, by: RawClient): boolean {
  const [head, before] = [headOf(client), headOf(by)];
  return isObject(head) && head.previous === before;
}

function headOf(client: RawClient): unknown {
  const extensions: unknown = Reflect.get(client, "_extensions");
  return isObject(extensions) ? extensions.head : undefined;
}

function extensionsOf(client: RawClient): Extensions | null {
  const extensions: unknown = Reflect.get(client, "_extensions");
  return isExtensions(extensions) ? extensions : null;
}

function isExtensions(value: unknown): value is Extensions {
  const methods = ["isEmpty", "getAllQueryCallbacks", "getAllModelExtensions", "getAllClientExtensions"];
  return isObject(value) && methods.every((name) => typeof value[name] === "function");
}
