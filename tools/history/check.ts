/** What one instance holds: the number of a write, or `null` if it isn't stored. */
export type Held = number | null;

/** A step that a call has taken at one moment between two events: what it has found, and what it has left. */
export interface Step {
  /** What the instance must have held; `undefined` for anything. */
  readonly found?: { readonly is: Held } | { readonly not: Held };
  /** What it holds from then on; `undefined` for the same. */
  readonly left?: Held;
  /** When the call was made, as a place in the order of all events. */
  readonly invoked: number;
  /** When it has returned; `Infinity` if its outcome is unknown, so that it may take its step at any time, or never. */
  readonly returned: number;
  /** What to print. */
  readonly call: string;
}

/**
 * Whether the steps of one instance are linearizable: whether there is one order of them, in which each call takes its step
 * between its invocation and its return, and finds what the one before has left. The instance is a register with
 * compare-and-swap that is empty at first.
 *
 * By the search of Wing and Gong, with Lowe's memory of what was tried: http://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/
 */
export function isLinearizable(steps: readonly Step[]): boolean {
  const tried = new Set<string>();
  const met = new Set(steps.flatMap(({ found }) => (found === undefined ? [] : "is" in found ? [found.is] : [found.not])));
  /** What two steps of unknown outcome have in common if either can stand for the other: else, each subset would be tried. */
  const kindOf = ({ found, left }: Step): string => `${JSON.stringify(found)} ${met.has(left ?? null) ? String(left) : "what nobody met"}`;

  const search = (waiting: readonly Step[], held: Held): boolean => {
    const firstReturn = waiting.reduce((first, { returned }) => Math.min(first, returned), Infinity);
    if (firstReturn === Infinity) return true; // those that are left need not have happened
    const eligible = waiting.filter(({ invoked }) => invoked < firstReturn);
    const next = eligible.filter((step) => fits(step, held));
    // What changes nothing can be taken at once: no other order is lost by it.
    const read = next.find(({ left }) => left === undefined);
    if (read !== undefined) return search(without(waiting, read), held);
    const key = `${String(held)} ${waiting.map(({ invoked }) => invoked).join(" ")}`;
    if (tried.has(key)) return false;
    tried.add(key);
    const kinds = new Set<string>();
    return next.some((step) => {
      const { left = null } = step;
      if (step.returned === Infinity) {
        // If the step after it doesn't need it, the same order without it is one, too.
        if (!eligible.some((after) => after !== step && !fits(after, held) && fits(after, left))) return false;
        const kind = kindOf(step);
        if (kinds.has(kind)) return false;
        kinds.add(kind);
      }
      return search(without(waiting, step), left);
    });
  };

  return search(steps, null);
}

function fits({ found }: Step, held: Held): boolean {
  if (found === undefined) return true;
  return "is" in found ? held === found.is : held !== found.not;
}

function without(steps: readonly Step[], taken: Step): Step[] {
  return steps.filter((step) => step !== taken);
}
