/**
 * Long work in steps: a generator that yields where it may pause. A large request is decoded this way, so that alerts are served
 * between two slices of it.
 */
export type Steps<Value> = Generator<void, Value, void>;

/** Runs all steps at once. */
export function finish<Value>(steps: Steps<Value>): Value {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Maps a list with a step after each item. */
export function* mapInSteps<Item, Value>(
  items: readonly Item[],
  map: (item: Item, index: number) => Value,
): Steps<Value[]> {
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    values.push(map(item, index));
    yield;
  }
  return values;
}

export interface SliceOptions {
  /** How long a slice may last, ms. It ends at the first step after that. */
  readonly sliceMs: number;
  /** Milliseconds on any clock that does not go back. */
  readonly clock?: () => number;
  /** Lets others run. Default: the event loop serves its sockets. */
  readonly pause?: () => Promise<void>;
  /** Called at the start of each slice. Returns the function to call at its end. */
  readonly onSlice?: () => () => void;
}

/** Runs steps in slices, with a pause between two. */
export async function finishInSlices<Value>(steps: Steps<Value>, options: SliceOptions): Promise<Value> {
  const { pause = nextTurn } = options;
  for (let value = runSlice(steps, options); ; value = runSlice(steps, options)) {
    if (value !== pending) return value as Value;
    await pause();
  }
}

const pending = Symbol('pending');

function runSlice<Value>(steps: Steps<Value>, options: SliceOptions): Value | typeof pending {
  const { sliceMs, clock = () => performance.now(), onSlice = () => () => {} } = options;
  const endSlice = onSlice();
  try {
    for (const until = clock() + sliceMs; ; ) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (clock() >= until) return pending;
    }
  } finally {
    endSlice();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
