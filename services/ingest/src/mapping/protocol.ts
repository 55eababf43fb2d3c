/** Messages between the evaluator and its thread. */

export interface MappingRequest {
  readonly id: number;
  /** JSONata. */
  readonly expression: string;
  /** JSON text. */
  readonly body: string;
  /** Bound to `$headers`; names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bound to `$parameters`: of the address. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type MappingResponse =
  | { readonly id: number; readonly ok: true; readonly json: string }
  | { readonly id: number; readonly ok: false; readonly isLimit: boolean; readonly reason: string };
