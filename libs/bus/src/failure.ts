import { type BusErrorCode, busErrors } from './errors.ts';

/** An error in a shape that can be sent between threads. */
export interface Failure {
  readonly code: BusErrorCode;
  readonly message: string;
  /** What made the log unavailable, when it is known. */
  readonly reason?: BusErrorCode;
}

/** Joins the detail (where it happened) with the catalogue's text (what to do). */
export const failure = (code: BusErrorCode, detail: string): Failure => ({
  code,
  message: `${detail}. ${busErrors[code]}`,
});
