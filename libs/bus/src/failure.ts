import { type BusErrorCode, busErrors } from './errors.ts';

/** An error in a shape that can be sent between threads. */
export interface Failure {
  readonly code: BusErrorCode;
  readonly message: string;
}

/** Where it happened, and the catalogue's text on what to do. */
export const failure = (code: BusErrorCode, detail: string): Failure => ({
  code,
  message: `${detail}. ${busErrors[code]}`,
});
