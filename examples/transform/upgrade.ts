import type { InstanceStorage, Transform } from "hephaestus-prisma";

/** Orders were `Order.V1`, with a total in euros. They are `Order.V2` now: in cents, with a currency. */
export const upgrade: Transform = {
  read(stored) {
    if (stored.workflow !== "Order.V1") return stored; // in the new shape already
    const { total, ...rest } = stored.context.initial;
    if (typeof total !== "number") throw new Error("an Order.V1 has a total");
    const initial = { ...rest, cents: Math.round(total * 100), currency: "EUR" };
    return { ...stored, workflow: "Order.V2", context: { ...stored.context, initial } };
  },
};

/** Stores all orders in the new shape, beside whatever works on them; run it again after an error. Returns how many it stored. */
export async function upgradeAll(storage: InstanceStorage): Promise<number> {
  let upgraded = 0;
  for await (const { id } of storage.stream({ workflow: "Order.V1" })) {
    await storage.update(id, (order) => ({ ...order })); // a copy, which is stored; the same object would not be
    upgraded++;
  }
  return upgraded;
}

/** How many orders are still in the old shape, by the version they were started with. If none are, `upgrade` can go. */
export function leftToUpgrade(storage: InstanceStorage): Promise<Map<number, number>> {
  return storage.countBy("workflowVersion", { workflow: "Order.V1" });
}
