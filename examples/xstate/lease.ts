import { randomUUID } from "node:crypto";
import type { InstanceChange, Instance, InstanceStorage } from "hephaestus-prisma";

/** Who may work on an order, and until when. Stored in the order itself, so that one compare-and-swap updates both. */
export interface Lease {
  /** Identifies one claim: a worker that claims twice holds two leases. */
  readonly token: string;
  readonly worker: string;
  readonly until: Date;
}

export interface Worker {
  readonly name: string;
  readonly storage: InstanceStorage;
  /** The database's clock: the workers' clocks may differ. */
  readonly now: () => Promise<Date>;
  /** How long a lease lasts, in milliseconds: longer than the longest step. Each write of the order renews it. */
  readonly leaseMs: number;
}

/** The lease expired or was revoked; another worker may hold it now. Nothing was written. */
export class LostLeaseError extends Error {
  constructor(id: string, worker: string, holder: string) {
    super(
      `${worker} no longer holds ${id}: its lease expired or was revoked, and ${holder} holds it now. Is leaseMs longer than the longest step?`,
    );
    this.name = "LostLeaseError";
  }
}

/** Claims an order. Returns `null` if another worker's lease is still valid, or if nothing is left to do. */
export async function claim(worker: Worker, id: string): Promise<Instance | null> {
  const now = await worker.now(); // before the row is read, so that a lease never seems expired too early
  const lease = newLease(worker, randomUUID(), now);
  const order = await worker.storage.update(id, (current) =>
    isFree(current, now) ? withLease({ ...current, status: "running" }, lease) : current,
  );
  return leaseOf(order)?.token === lease.token ? order : null;
}

/**
 * Stores a change to an order that was claimed, and renews the lease, or ends it once the order is done.
 *
 * @throws {LostLeaseError} if another worker has claimed it meanwhile, or the lease was revoked.
 */
export async function keep(worker: Worker, claimed: Instance, change: InstanceChange): Promise<Instance> {
  const held = leaseOf(claimed);
  const now = await worker.now();
  return worker.storage.update(claimed.id, async (current) => {
    const found = leaseOf(current);
    if (held === undefined || found?.token !== held.token) throw new LostLeaseError(current.id, worker.name, found?.worker ?? "nobody");
    const changed = await change(current);
    return withLease(changed, changed.status === "running" ? newLease(worker, held.token, now) : null);
  });
}

/** Ends a lease early, for an operator who knows that its worker is dead. */
export async function revoke(storage: InstanceStorage, id: string): Promise<void> {
  await storage.update(id, (order) => withLease(order, null));
}

/** Returns the lease of an order, or `undefined` if it has none. */
export function leaseOf({ runtimeMetadata: { lease } }: Instance): Lease | undefined {
  return isLease(lease) ? lease : undefined;
}

function isFree(order: Instance, now: Date): boolean {
  const lease = leaseOf(order);
  return (order.status === "pending" || order.status === "running") && (lease === undefined || lease.until <= now);
}

function newLease({ name, leaseMs }: Worker, token: string, now: Date): Lease {
  return { token, worker: name, until: new Date(now.getTime() + leaseMs) };
}

function withLease(order: Instance, lease: Lease | null): Instance {
  return { ...order, runtimeMetadata: { ...order.runtimeMetadata, lease } };
}

function isLease(value: unknown): value is Lease {
  if (typeof value !== "object" || value === null || !("token" in value && "worker" in value && "until" in value)) return false;
  return typeof value.token === "string" && typeof value.worker === "string" && value.until instanceof Date;
}
