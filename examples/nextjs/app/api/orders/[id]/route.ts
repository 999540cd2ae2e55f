import { createInstance, type Instance } from "hephaestus-prisma";
import { answering } from "../../../../lib/answering.js";
import { orders } from "../../../../lib/storage.js";

interface RouteContext {
  readonly params: Promise<{ readonly id: string }>;
}

/** Where an order stands. */
export function GET(_request: Request, context: RouteContext): Promise<Response> {
  return answering(async () => {
    const order = await orders.get(await instanceId(context));
    return order === null ? Response.json({ error: "there is no such order" }, { status: 404 }) : Response.json(shown(order));
  });
}

/** Starts an order with the request's JSON. Of two requests for one id, the second is told that it came second. */
export function PUT(request: Request, context: RouteContext): Promise<Response> {
  return answering(async () => {
    const body: unknown = await request.json().catch(() => undefined);
    if (body === undefined) return Response.json({ error: "expected JSON" }, { status: 400 });
    const order = createInstance({ id: await instanceId(context), workflow: "WebOrder.V1", initial: { body } });
    await orders.insert(order);
    return Response.json(shown(order), { status: 201 });
  });
}

/** Marks an order as paid. Requests that meet, or come twice, lose nothing. */
export function POST(_request: Request, context: RouteContext): Promise<Response> {
  return answering(async () => {
    const paid = await orders.update(await instanceId(context), (order) =>
      order.completedSteps.has("pay")
        ? order
        : { ...order, status: "running", currentStep: "ship", completedSteps: new Set([...order.completedSteps, "pay"]) },
    );
    return Response.json(shown(paid));
  });
}

const PREFIX = "web-order::";

// Behind a prefix, so that this route reaches no instance but its own.
async function instanceId({ params }: RouteContext): Promise<string> {
  return PREFIX + (await params).id;
}

/** What the world may see of an order: not the whole instance, and no `Set`, which JSON would make `{}`. */
function shown({ id, status, currentStep, completedSteps }: Instance): object {
  return { id: id.slice(PREFIX.length), status, currentStep, completedSteps: [...completedSteps] };
}
