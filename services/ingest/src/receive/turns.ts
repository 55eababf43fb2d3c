/** Lets at most so many pieces of work run at once. The others wait in the order in which they came. */
export interface Turns {
  /** Runs `work` when its turn comes. The event loop serves its sockets between two turns. */
  run<Value>(work: () => Value | Promise<Value>): Promise<Value>;
}

export function createTurns(concurrent: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = () => {
    running--;
    waiting.shift()?.();
  };
  const enter = () =>
    new Promise<void>((resolve) => {
      const begin = () => {
        running++;
        setImmediate(resolve);
      };
      if (running < concurrent) begin();
      else waiting.push(begin);
    });
  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
