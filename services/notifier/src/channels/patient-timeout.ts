/** A limit of time for an answer, in which the pauses of this process do not count. */

/** The limit is spent in this many parts. A pause, however long, costs one. */
const parts = 8;

export interface PatientTimeout {
  readonly signal: AbortSignal;
  /** Call it once there is an answer. */
  stop(): void;
}

/**
 * Aborts `timeoutMs` after the call. While this process is busy it reads no answers: a timer alone would call a page lost whose answer
 * waits in the socket, and the page would be sent again.
 */
export function patientTimeout(timeoutMs: number): PatientTimeout {
  const controller = new AbortController();
  let left = parts;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    // The answers that have arrived are read before this runs.
    setImmediate(() => controller.abort());
  }, timeoutMs / parts);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
