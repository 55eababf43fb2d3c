/** Waiting: so many slots, so many arrivals, so long in work. Utilisation makes the wait, overload makes a backlog that grows until it is turned away. */

export interface Load {
  readonly slots: number;
  readonly arrivalsPerMs: number;
  readonly holdMs: number;
  readonly stepMs: number;
  /** Longer waits are turned away; infinity for a queue that keeps everything. */
  readonly maxWaitMs: number;
}

export interface Queued {
  readonly waitMs: number;
  /** Arrivals that wait at the end of the step. */
  readonly backlog: number;
  /** Share of arrivals turned away. */
  readonly rejected: number;
  /** Slots in use, at most all. */
  readonly busy: number;
}

/** Below this utilisation waits settle; above it the backlog of the last step counts as well. */
const steadyLimit = 0.95;

/** Sakasegawa's approximation of the wait in M/M/c, and a fluid backlog beyond it. */
export function queueUp({ slots, arrivalsPerMs, holdMs, stepMs, maxWaitMs }: Load, backlogBefore: number): Queued {
  if (slots <= 0) return { waitMs: Math.min(maxWaitMs, 60_000), backlog: backlogBefore, rejected: 1, busy: 0 };
  if (holdMs <= 0) return { waitMs: 0, backlog: 0, rejected: 0, busy: 0 };
  const capacityPerMs = slots / holdMs;
  const utilisation = arrivalsPerMs / capacityPerMs;
  const steady = Math.min(utilisation, steadyLimit);
  const steadyMs = (holdMs * steady ** (Math.sqrt(2 * (slots + 1)) - 1)) / (slots * (1 - steady));
  const raw = Math.max(0, backlogBefore + (arrivalsPerMs - capacityPerMs) * stepMs);
  const backlog = Math.min(raw, Number.isFinite(maxWaitMs) ? maxWaitMs * capacityPerMs : raw);
  const rejectedCalls = raw - backlog;
  return {
    waitMs: steadyMs + backlog / capacityPerMs,
    backlog,
    rejected: arrivalsPerMs <= 0 ? 0 : Math.min(1, rejectedCalls / (arrivalsPerMs * stepMs)),
    busy: backlog > 0 ? slots : Math.min(slots, arrivalsPerMs * holdMs),
  };
}

/** How much longer work on a processor takes at this utilisation: little below a half, without end near all of it. */
export function stretchAt(utilisation: number): number {
  const bounded = Math.min(Math.max(0, utilisation), 0.97);
  return 1 + bounded ** 3 / (1 - bounded);
}
