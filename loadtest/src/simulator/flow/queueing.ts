/** Queueing: the wait grows with utilisation, and overload grows a backlog until calls are rejected. */

export interface Load {
  readonly slots: number;
  readonly arrivalsPerMs: number;
  readonly holdMs: number;
  readonly stepMs: number;
  /** Longer waits are rejected. Infinity for a queue that keeps everything. */
  readonly maxWaitMs: number;
}

export interface Queued {
  readonly waitMs: number;
  /** Arrivals still waiting at the end of the step. */
  readonly backlog: number;
  /** Share of arrivals that are rejected. */
  readonly rejected: number;
  /** Slots in use. */
  readonly busy: number;
}

/** Above this utilisation the steady-state formula diverges, and the backlog takes over. */
const steadyLimit = 0.95;

/** Sakasegawa's approximation (1977) of the M/M/c wait, plus a fluid backlog under overload. */
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

/** Factor on CPU time at this utilisation. It stays near 1 below a half and grows steeply near 1. */
export function stretchAt(utilisation: number): number {
  const bounded = Math.min(Math.max(0, utilisation), 0.97);
  return 1 + bounded ** 3 / (1 - bounded);
}
