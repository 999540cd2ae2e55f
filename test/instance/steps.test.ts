import fc from "fast-check";
import { completeStep, createInstance, failStep, type Instance, startStep } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { anInstance } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { instance as anyInstance, text } from "../storage/arbitraries.js";

const at = new Date("2026-04-12T10:11:12.345Z");
const timestamp = at.toISOString();
const step = fc.oneof(fc.constantFrom("reserve", "pay", "ship", "__proto__"), text);
const updates = fc.dictionary(text, fc.integer(), { maxKeys: 2, noNullPrototype: true });
const next = fc.oneof(fc.constant(null), step, fc.array(step, { maxLength: 3 }));

type Move = (instance: Instance) => Instance;
const move: fc.Arbitrary<Move> = fc.oneof(
  step.map(
    (name): Move =>
      (one) =>
        startStep(one, name),
  ),
  fc.tuple(step, fc.option(updates, { nil: undefined }), next).map(
    ([name, added, then]): Move =>
      (one) =>
        completeStep(one, name, { event: "done", ...(added && { updates: added }), next: then, at }),
  ),
  step.map(
    (name): Move =>
      (one) =>
        failStep(one, name, { error: new Error("no"), at }),
  ),
  fc.constant<Move>((one) => (one.currentStep === null ? one : { ...one, status: "waiting" })),
);

/** What Hephaestus's core makes of a completed step: `Engine.complete_step`, the activation of what is next, `check_completion`. */
function core(one: Instance, name: string, added: object, then: readonly string[]): Partial<Instance> {
  const activeSteps = new Set(one.activeSteps);
  activeSteps.delete(name);
  for (const other of then) activeSteps.add(other);
  const stepConfigs = new Map(Object.entries(one.stepConfigs));
  stepConfigs.delete(name);
  return {
    activeSteps,
    completedSteps: new Set([...one.completedSteps, name]),
    context: { initial: one.context.initial, steps: { ...one.context.steps, [name]: added } },
    stepConfigs: Object.fromEntries(stepConfigs),
    status: activeSteps.size === 0 ? "completed" : "running",
  };
}

describe("startStep, completeStep and failStep", () => {
  it("keep the parts of an instance consistent, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        let one: Instance = createInstance({ id: "a", workflow: "W" });
        for (const change of moves) {
          const before = one;
          one = change(one);
          expect(one.currentStep === null || one.activeSteps.has(one.currentStep)).toBe(true);
          if (one.status === "completed" || one.status === "failed") expect([one.currentStep, one.activeSteps.size]).toEqual([null, 0]);
          else if (one.status !== "pending") expect(one.activeSteps.size).toBeGreaterThan(0);
          expect(new Set(Object.keys(one.context.steps))).toEqual(one.completedSteps);
          expect(one.executionHistory.slice(0, before.executionHistory.length)).toEqual(before.executionHistory);
          expect(one.executionHistory.length - before.executionHistory.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("change no instance that they are given, and nothing but what a step concerns", () => {
    fc.assert(
      fc.property(anyInstance, move, (one, change) => {
        const before = structuredClone(one);
        const { id, workflow, workflowVersion, runtimeMetadata, context } = change(one);
        expect(structuredClone(one)).toEqual(before);
        expect([id, workflow, workflowVersion]).toEqual([one.id, one.workflow, one.workflowVersion]);
        expect(runtimeMetadata).toBe(one.runtimeMetadata);
        expect(context.initial).toBe(one.context.initial);
      }),
    );
  });

  it("return what is stored and read back as it is", async () => {
    const storage = createMemoryStorage();
    await fc.assert(
      fc.asyncProperty(anyInstance, fc.array(move, { minLength: 1, maxLength: 3 }), async (one, moves) => {
        const moved = moves.reduce((current, change) => change(current), one);
        await storage.put(moved);
        expect(await storage.get(one.id)).toEqual({ ...moved, workflowVersion: expect.any(Number) as number });
      }),
    );
  });

  it("complete a step as Hephaestus's core does", () => {
    fc.assert(
      fc.property(anyInstance, step, updates, fc.array(step, { maxLength: 3 }), (any, name, added, then) => {
        const one = { ...any, status: "running" as const };
        expect(completeStep(one, name, { event: "done", updates: added, next: then, at })).toMatchObject(core(one, name, added, then));
      }),
    );
  });
});

describe("startStep", () => {
  it("starts a new instance", () => {
    const started = startStep(createInstance({ id: "a", workflow: "W" }), "reserve");
    expect(started).toMatchObject({ status: "running", currentStep: "reserve", activeSteps: new Set(["reserve"]) });
  });

  it("starts a failed step again", () => {
    const failed = failStep(startStep(createInstance({ id: "a", workflow: "W" }), "pay"), "pay", { error: "declined" });
    expect(startStep(failed, "pay")).toMatchObject({ status: "running", currentStep: "pay", activeSteps: new Set(["pay"]) });
  });
});

describe("completeStep", () => {
  const order = startStep(createInstance({ id: "a", workflow: "W" }), "reserve");

  it("goes on to the next step, or completes the instance", () => {
    const paying = completeStep(order, "reserve", { event: "reserved", updates: { shelf: "B-7" }, next: "pay", at });
    expect(paying).toEqual({
      ...order,
      currentStep: "pay",
      activeSteps: new Set(["pay"]),
      completedSteps: new Set(["reserve"]),
      context: { initial: {}, steps: { reserve: { shelf: "B-7" } } },
      executionHistory: [{ stepRef: "reserve", event: "reserved", timestamp, contextUpdates: { shelf: "B-7" } }],
    });
    expect(completeStep(paying, "pay", { event: "paid", next: null, at })).toEqual({
      ...paying,
      status: "completed",
      currentStep: null,
      activeSteps: new Set(),
      completedSteps: new Set(["reserve", "pay"]),
      context: { initial: {}, steps: { reserve: { shelf: "B-7" }, pay: {} } },
      executionHistory: [...paying.executionHistory, { stepRef: "pay", event: "paid", timestamp, contextUpdates: null }],
    });
  });

  it("begins several steps, is complete when the last of them is, and is at the one that is left", () => {
    const both = completeStep(order, "reserve", { event: "reserved", next: ["pay", "pack"] });
    expect(both).toMatchObject({ status: "running", currentStep: null, activeSteps: new Set(["pay", "pack"]) });
    const packed = completeStep(both, "pack", { event: "packed", next: null });
    expect(packed).toMatchObject({ status: "running", currentStep: "pay" });
    expect(completeStep(packed, "pay", { event: "paid", next: null })).toMatchObject({ status: "completed", currentStep: null });
  });

  it("goes on waiting at another step, and ends the wait by the step that it waits at", () => {
    const both = completeStep(order, "reserve", { event: "reserved", next: ["pay", "pack"] });
    const waiting: Instance = { ...both, status: "waiting", currentStep: "pay" };
    expect(completeStep(waiting, "pack", { event: "packed", next: "label" })).toMatchObject({ status: "waiting", currentStep: "pay" });
    expect(completeStep(waiting, "pay", { event: "paid", next: null })).toMatchObject({ status: "running", currentStep: "pack" });
  });

  it("drops the step's configuration", () => {
    const configured = { ...order, stepConfigs: { reserve: { retries: 3 }, pay: null } };
    expect(completeStep(configured, "reserve", { event: "reserved", next: "pay" }).stepConfigs).toEqual({ pay: null });
  });

  it("records what ends after a failure, and begins nothing by it", () => {
    const failed = failStep({ ...order, activeSteps: new Set(["pay", "pack"]) }, "pay", { error: "declined", at });
    const late = completeStep(failed, "pack", { event: "packed", next: "ship", at });
    expect(late).toMatchObject({ status: "failed", currentStep: null, activeSteps: new Set(), completedSteps: new Set(["pack"]) });
  });

  it.each([new Date(Number.NaN), new Date("+010000-01-01T00:00:00Z"), "2026-04-12" as never])("rejects the time %s", (time) => {
    expect(() => completeStep(order, "reserve", { event: "e", next: null, at: time })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option: "at" }),
    );
  });

  it.each([[[1]], ["text" as never], [null as never]])("rejects the updates %j", (wrong) => {
    expect(() => completeStep(order, "reserve", { event: "e", updates: wrong, next: null })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option: "updates" }),
    );
  });
});

describe("failStep", () => {
  it("ends the instance at no step, with the failure in its history", () => {
    expect(failStep(anInstance(), "payment", { error: new TypeError("declined"), at })).toEqual({
      ...anInstance(),
      status: "failed",
      currentStep: null,
      activeSteps: new Set(),
      executionHistory: [
        ...anInstance().executionHistory,
        { stepRef: "payment", event: "failed", timestamp, contextUpdates: { error: "TypeError: declined" } },
      ],
    });
  });

  it.each([
    ["declined", "declined"],
    [{ message: "declined" }, "Error: declined"],
    [{ code: 1 }, "an object"],
    [Object.create(null), "an object"],
    [undefined, "undefined"],
  ])("stores %j as the text %j", (error, stored) => {
    expect(failStep(anInstance(), "payment", { error }).executionHistory.at(-1)?.contextUpdates).toEqual({ error: stored });
  });
});
