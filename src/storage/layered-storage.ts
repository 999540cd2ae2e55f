import { checkedStorage } from "./checked-storage.js";
import { createCodec } from "./codec.js";
import { createInstanceStorage } from "./instance-storage.js";
import type { StateOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import type { SchemaOptions, WorkflowSchemas } from "./schemas/schemas.js";
import type { InstanceStorage } from "./storage.js";
import type { TransformOption } from "./transform.js";
import { transformedStorage } from "./transformed-storage.js";

/** What changes the instances of a storage on their way. */
export interface LayerOptions extends StateOptions, TransformOption, SchemaOptions<WorkflowSchemas> {}

/** A storage on rows, whose instances are transformed and checked as the options say: schemas see what the user holds. */
export function layeredStorage(store: RowStore, { transform, schemas, ...options }: LayerOptions): InstanceStorage {
  const codec = createCodec(options);
  const storage = createInstanceStorage(store, codec);
  const transformed = transform === undefined ? storage : transformedStorage(storage, transform, codec);
  return schemas === undefined ? transformed : checkedStorage(transformed, schemas, codec);
}
