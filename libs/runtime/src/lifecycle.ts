/** Ordered start and stop of a process's components. */
import type { Component, Started } from './component.ts';
import { AppError } from './error.ts';
import type { Logger } from './log.ts';

export interface StopOptions {
  /** Deadline of the whole stop, not of each component. */
  readonly deadlineMs: number;
}

/** Named stops, run last in, first out. */
export interface StopStack {
  push(name: string, stop: () => Promise<void>): void;
  /**
   * Runs all stops one after another. A stop that fails does not prevent the others. At the deadline the rest are begun
   * without waiting. Rejects with RUNTIME_STOP_FAILED, which names each failure. A second call returns the first
   * promise.
   */
  stop(options: StopOptions): Promise<void>;
}

interface NamedStop {
  readonly name: string;
  readonly stop: () => Promise<void>;
}

/** Creates an empty stack. */
export function createStopStack(logger: Logger): StopStack {
  const stops: NamedStop[] = [];
  let stopping: Promise<void> | null = null;
  return {
    push: (name, stop) => void stops.push({ name, stop }),
    stop: ({ deadlineMs }) => {
      stopping ??= stopAll(stops.splice(0).reverse(), deadlineMs, logger);
      return stopping;
    },
  };
}

async function stopAll(stops: readonly NamedStop[], deadlineMs: number, logger: Logger): Promise<void> {
  const failures: Error[] = [];
  const { promise: deadline, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, deadlineMs, 'late');
  for (const { name, stop } of stops) {
    const failure = await Promise.race([outcomeOf(stop), deadline]);
    if (failure === null) logger.debug('stopped', { component: name });
    else failures.push(failure === 'late' ? new Error(`${name}: not within ${deadlineMs} ms`) : named(name, failure));
  }
  clearTimeout(timer);
  if (failures.length === 0) return;
  throw new AppError('RUNTIME_STOP_FAILED', failures.map((failure) => failure.message).join('; '), {
    kind: 'permanent',
    cause: new AggregateError(failures),
  });
}

async function outcomeOf(stop: () => Promise<void>): Promise<unknown> {
  try {
    await stop();
    return null;
  } catch (error) {
    return error ?? new Error('no reason given');
  }
}

function named(name: string, error: unknown): Error {
  return new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

/**
 * Starts one component and puts its stop on the stack. Start downstream components first (the log before those that
 * write to it); stopping in reverse order then stops intake first. Rejects with the component's own AppError, or with
 * RUNTIME_START_FAILED, which names it.
 */
export async function startOne<Value>(stack: StopStack, name: string, component: Component<Value>): Promise<Value> {
  let started: Started<Value>;
  try {
    started = await component.start();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('RUNTIME_START_FAILED', named(name, error).message, { kind: 'permanent', cause: error });
  }
  stack.push(name, () => started.stop());
  return started.value;
}

/**
 * Runs `start`, which starts components with `startOne` on the stack that it gets. Returns its value and one stop for all. When it
 * fails, everything that was started is stopped again and its error is thrown.
 */
export async function startWith<Value>(
  start: (stack: StopStack) => Promise<Value>,
  { logger, deadlineMs }: { readonly logger: Logger; readonly deadlineMs: number },
): Promise<Started<Value>> {
  const stack = createStopStack(logger);
  try {
    const value = await start(stack);
    return { value, stop: () => stack.stop({ deadlineMs }) };
  } catch (error) {
    await stack
      .stop({ deadlineMs })
      .catch((stopError) => logger.error('stop after a failed start', { error: String(stopError) }));
    throw error;
  }
}
