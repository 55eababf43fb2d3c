/**
 * Turns for many watches that all have something to send at once. A few are let through at a time, and others of the process get most of the
 * time between: an alert must not wait until the last of 600 watches has its revision. A watch that waits sends only the latest revision.
 */
export interface FairTurns {
  /** Resolves when it is the caller's turn, in the order of the calls. */
  take(): Promise<void>;
}

export interface FairTurnsOptions {
  /** Callers that are let through at once. */
  readonly together?: number;
  /** Share of the time that they may use while others wait: 0.25 is a quarter. */
  readonly share?: number;
  /** Milliseconds on any clock that does not go back. */
  readonly clock?: () => number;
  /** Lets the callers work: resolves when the event loop has come round. */
  readonly nextTurn?: () => Promise<void>;
  readonly pause?: (ms: number) => Promise<void>;
}

/** Longest pause, ms. A turn may seem long because the machine is busy. */
const longestPauseMs = 50;

export function createFairTurns(options: FairTurnsOptions = {}): FairTurns {
  const { together = 25, share = 0.25, clock = () => performance.now(), nextTurn = turn, pause = wait } = options;
  const waiting: (() => void)[] = [];
  let isServing = false;
  const serve = async (): Promise<void> => {
    isServing = true;
    // Callers of the same moment go together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const beganMs = clock();
      for (const go of waiting.splice(0, together)) go();
      await nextTurn();
      if (waiting.length > 0) await pause(Math.min(longestPauseMs, (clock() - beganMs) * (1 / share - 1)));
    }
    isServing = false;
  };
  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (!isServing) void serve();
      }),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
