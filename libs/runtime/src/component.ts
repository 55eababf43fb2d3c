/**
 * A part of the process that is started and stopped. `start` resolves when it is ready. It returns the part's value
 * together with `stop`, so nothing can be used before it is started. `stop` refuses new work, finishes and flushes the
 * rest, and closes. It is safe to call twice.
 */
export interface Component<Value> {
  start(): Promise<Started<Value>>;
}

export interface Started<Value> {
  readonly value: Value;
  stop(): Promise<void>;
}
