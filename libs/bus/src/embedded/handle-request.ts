import type { Failure } from '../failure.ts';
import { failureWhileOpening, failureWhileRunning } from './failure.ts';
import type { MainEngine, TelemetryEngine } from './protocol.ts';

export type EngineRole = 'main' | 'telemetry';

export interface EngineRequest {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type EngineResponse =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

/** Handles a request. Never throws: an error becomes the failure in the response. */
export function handleRequest(
  { id, method, argument }: EngineRequest,
  engine: () => MainEngine | TelemetryEngine,
): EngineResponse {
  try {
    const methods = engine() as unknown as Record<string, (argument: unknown) => unknown>;
    return { id, result: methods[method]?.(argument) };
  } catch (error) {
    const opening = method === ('open' satisfies keyof (MainEngine | TelemetryEngine));
    return { id, failure: opening ? failureWhileOpening(error, 'the log') : failureWhileRunning(error, method) };
  }
}
