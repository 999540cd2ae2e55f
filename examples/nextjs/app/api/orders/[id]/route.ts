import { completeStep, createInstance, type Instance } from "hephaestus-prisma";
import { handleErrors } from "../../../../lib/handle-errors.js";
import { orders } from "../../../../lib/storage.js";

interface RouteContext {
  readonly params: Promise<{ readonly id: string }>;
}

/** Returns the progress of an order. */
export function GET(_request: Request, context: RouteContext): Promise<Response> {
  return handleErrors(async () => {
    const order = await orders.get(await instanceId(context));
    return order === null ? Response.json({ error: "there is no such order" }, { status: 404 }) : Response.json(shown(order));
  });
}

/** Starts an order with the request's JSON. The second of two requests for one id gets a 409. */
export function PUT(request: Request, context: RouteContext): Promise<Response> {
  return handleErrors(async () => {
    const body: unknown = await request.json().catch(() => undefined);
    if (body === undefined) return Response.json({ error: "expected JSON" }, { status: 400 });
    const order = createInstance({ id: await instanceId(context), workflow: "WebOrder.V1", initial: { body } });
    await orders.insert(order);
    return Response.json(shown(order), { status: 201 });
  });
}

/** Marks an order as paid. Concurrent and repeated requests are safe. */
export function POST(_request: Request, context: RouteContext): Promise<Response> {
  return handleErrors(async () => {
    const paid = await orders.update(await instanceId(context), (order) =>
      order.completedSteps.has("pay") ? order : completeStep(order, "pay", { event: "paid", next: "ship" }),
    );
    return Response.json(shown(paid));
  });
}

const PREFIX = "web-order::";

// With a prefix, so that this route reaches only its own instances.
async function instanceId({ params }: RouteContext): Promise<string> {
  return PREFIX + (await params).id;
}

/** The public part of an order. No `Set`: JSON would turn it into `{}`. */
function shown({ id, status, currentStep, completedSteps }: Instance): object {
  return { id: id.slice(PREFIX.length), status, currentStep, completedSteps: [...completedSteps] };
}
