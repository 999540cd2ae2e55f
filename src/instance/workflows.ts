import type { InstanceContext, Instance, JsonLikeObject } from "./instance.js";

/** The types of one workflow. What is left out can be any object. */
export interface WorkflowTypes {
  /** What it is started with: `context.initial`. */
  readonly initial?: object;
  /** What each of its steps adds to `context.steps`, by the step's name. */
  readonly steps?: object;
}

/**
 * The types of workflows by their names: what a type argument of `Storage` must be.
 *
 * @example
 * ```ts
 * interface Workflows {
 *   "Order.V2": { initial: { total: number }; steps: { pay: { receipt: string } } };
 *   "Invoice.V1": { initial: { order: string }; steps: { send: { at: Date } } };
 * }
 * const storage = createPrismaStorage<Workflows>(prisma);
 * ```
 */
export type WorkflowMap<Workflows> = { readonly [Name in keyof Workflows]: WorkflowTypes };

/** Workflows of any name and of any types: those of a storage without a type argument. */
export interface AnyWorkflows {
  readonly [name: string]: WorkflowTypes;
}

/** The names of workflows. */
export type NameOf<Workflows> = keyof Workflows & string;

/**
 * An instance of one of the workflows, distinguished by `workflow`; of some of them, if their names are given.
 *
 * @example
 * ```ts
 * type Order = InstanceOf<Workflows, "Order.V2">;
 * const receiptOf = (order: Order): string | undefined => order.context.steps.pay?.receipt;
 * ```
 */
export type InstanceOf<Workflows extends WorkflowMap<Workflows>, Name extends NameOf<Workflows> = NameOf<Workflows>> =
  string extends NameOf<Workflows> ? Instance : Name extends NameOf<Workflows> ? TypedInstance<Name, Workflows[Name]> : never;

/** An instance of the workflow `Name`. */
export interface TypedInstance<Name extends string, Types extends WorkflowTypes> extends Instance {
  readonly workflow: Name;
  readonly currentStep: StepNameOf<Types> | null;
  readonly context: TypedContext<Types>;
}

/** The names of its steps. */
export type StepNameOf<Types> = Types extends { readonly steps: infer Steps extends object } ? keyof Steps & string : string;

/** What a workflow of these types works on. */
export interface TypedContext<Types extends WorkflowTypes> extends InstanceContext {
  readonly initial: InitialOf<Types>;
  readonly steps: StepsOf<Types>;
}

/** What a workflow is started with. */
export type InitialOf<Types> = Types extends { readonly initial: infer Initial extends object } ? Kept<Readonly<Initial>> : JsonLikeObject;

/** What its steps have added: that of a step is there once it has run. */
export type StepsOf<Types> = Types extends { readonly steps: infer Steps extends object } ? Kept<Readonly<Partial<Steps>>> : JsonLikeObject;

// Interfaces fit no index signature. Mapped types over them, such as Readonly, do.
type Kept<Value> = Value extends JsonLikeObject ? Value : never;
