/**
 * Something with a life. `start` resolves when it is ready and gives its value beside its own `stop`, so that nothing can be used before
 * it is started. `stop` stops intake, drains, flushes and closes; it is safe to call twice.
 */
export interface Component<Value> {
  start(): Promise<Started<Value>>;
}

export interface Started<Value> {
  readonly value: Value;
  stop(): Promise<void>;
}
