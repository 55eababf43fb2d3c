/** Who is on call when. Every kind of schedule becomes shifts, and one function reads them. Pure. */

export interface Person {
  readonly name: string;
  /** Mail address, phone number or the like. Empty: not known. */
  readonly contact: string;
}

/** A time in which a person is on call. */
export interface Shift {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  readonly person: Person;
  /** Where shifts overlap, those with the highest rank count. Several of the same rank are on call together. */
  readonly rank: number;
}

/** A range of time, from inclusive to exclusive. */
export interface Range {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Hourly shifts of three weeks in ten layers. */
const maxShifts = 5_000;

/** Throws for a schedule that would hold up the process: who is on call is read from these shifts again and again. */
export function checkCount(shifts: readonly Shift[]): void {
  if (shifts.length > maxShifts) throw new Error(`expected at most ${maxShifts} shifts in three weeks`);
}

/** The people on call at a time, each once, in the order of the shifts. */
export function peopleAt(shifts: readonly Shift[], atMs: number): readonly Person[] {
  const current = shifts.filter(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  const rank = current.reduce((most, shift) => Math.max(most, shift.rank), 0);
  const people = current.filter((shift) => shift.rank === rank).map(({ person }) => person);
  return people.filter(({ name }, index) => people.findIndex((other) => other.name === name) === index);
}

/** When the people on call change next. Null: the shifts do not say. */
export function nextChangeMs(shifts: readonly Shift[], atMs: number): number | null {
  const names = (timeMs: number) =>
    peopleAt(shifts, timeMs)
      .map(({ name }) => name)
      .join('\n');
  const edges = [...new Set(shifts.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))].sort((a, b) => a - b);
  return edges.find((edgeMs) => edgeMs > atMs && names(edgeMs) !== names(atMs)) ?? null;
}
