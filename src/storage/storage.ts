import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import type { InstanceMethods } from "./instance-methods.js";
import type { CollectionMethods } from "./collection-methods.js";

/**
 * Stores the instances of a workflow engine. After `timeoutMs`, any call can fail with `TIMEOUT` or `OUTCOME_UNKNOWN`, and
 * one that writes fails with `READ_ONLY` if the server takes no writes.
 *
 * `Workflows` maps the names of workflows to the types of their values. It is a claim: what others have stored, under
 * these names or others, is returned as one of these types. The option `schemas` checks what it has schemas for.
 */
export interface Storage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows>
  extends InstanceMethods<Workflows>, CollectionMethods<Workflows> {}
