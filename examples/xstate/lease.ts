import { randomUUID } from "node:crypto";
import type { Change, Instance, Storage } from "hephaestus-prisma";

/** Who may carry an order on, and until when. Stored in the order itself, so that one compare-and-swap settles both. */
export interface Lease {
  /** Of one claim: a worker that claims twice holds two leases. */
  readonly token: string;
  readonly worker: string;
  readonly until: Date;
}

export interface Worker {
  readonly name: string;
  readonly storage: Storage;
  /** The database's clock: those of the workers may differ. */
  readonly now: () => Promise<Date>;
  /** How long a lease runs; it is renewed whenever the order is stored. Longer than the longest step. */
  readonly leaseMs: number;
}

/** The lease ran out or was revoked, and may be another worker's. Nothing was written. */
export class LostLeaseError extends Error {
  constructor(id: string, worker: string, holder: string) {
    super(
      `${worker} holds ${id} no longer: its lease ran out or was revoked, and ${holder} holds it now. Is leaseMs longer than the longest step?`,
    );
    this.name = "LostLeaseError";
  }
}

/** Claims an order. `null` where another worker's lease still runs, or nothing is left to do. */
export async function claim(worker: Worker, id: string): Promise<Instance | null> {
  const now = await worker.now(); // before the row is read: so a lease may seem to run too long, but never too short
  const lease = newLease(worker, randomUUID(), now);
  const order = await worker.storage.update(id, (current) =>
    isFree(current, now) ? withLease({ ...current, status: "running" }, lease) : current,
  );
  return leaseOf(order)?.token === lease.token ? order : null;
}

/**
 * Stores a change to an order that was claimed, and renews the lease; ends the lease where the order is done.
 *
 * @throws {LostLeaseError} where another worker has claimed it meanwhile, or the lease was revoked.
 */
export async function keep(worker: Worker, claimed: Instance, change: Change): Promise<Instance> {
  const held = leaseOf(claimed);
  const now = await worker.now();
  return worker.storage.update(claimed.id, async (current) => {
    const found = leaseOf(current);
    if (held === undefined || found?.token !== held.token) throw new LostLeaseError(current.id, worker.name, found?.worker ?? "nobody");
    const changed = await change(current);
    return withLease(changed, changed.status === "running" ? newLease(worker, held.token, now) : null);
  });
}

/** Ends a lease before its time, for an operator who knows that its worker is dead. */
export async function revoke(storage: Storage, id: string): Promise<void> {
  await storage.update(id, (order) => withLease(order, null));
}

/** The lease of an order, or `undefined` where nobody holds it. */
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
