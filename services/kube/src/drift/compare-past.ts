/** Finds what people changed by hand in an object that a tool delivers. Pure. */
import type { Json, JsonObject } from '../api/json.ts';
import { isNoise } from '../change/compare.ts';
import type { FieldOwners } from '../decode/managed-fields.ts';
import { type PathStep, pathOf, valueAt } from '../path/path.ts';
import type { Difference } from './difference.ts';

export interface PastInputs {
  readonly live: JsonObject;
  /** The version before the change, where it was seen. Null: nobody watched. */
  readonly before: JsonObject | null;
  /** What the object should be, where something declares it. */
  readonly declared: JsonObject | null;
  readonly owners: FieldOwners;
}

/** A field whose declared value is the live one was changed by hand first and then in its source: no drift is left. */
export function comparePast({ live, before, declared, owners }: PastInputs): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const { manager, atMs, paths } of owners.handEdits)
    for (const steps of paths) {
      const path = pathOf(steps);
      const value = valueAt(live, steps);
      const isDeclared = declared !== null && isSame(valueAt(declared, steps), value);
      const expected = before === null ? undefined : valueAt(before, steps);
      const isUnchanged = before !== null && isSame(expected, value);
      if (value === undefined || isDeclared || isNoise(path)) continue;
      found.set(path, {
        against: 'past',
        reference: owners.usualManager,
        path,
        steps,
        value,
        expected: isUnchanged ? undefined : expected,
        isExpectedKnown: before !== null && !isUnchanged,
        expectedBody: isUnchanged ? null : before,
        sinceMs: atMs,
        actor: manager,
      });
    }
  return [...found.values()];
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The steps of a hand edit that cover a path: the edit is of the path itself, or of a part that holds it. */
export function coveringEdit(
  owners: FieldOwners,
  steps: readonly PathStep[],
): { manager: string; atMs: number | null } | null {
  const path = pathOf(steps);
  const edit = owners.handEdits.find(({ paths }) =>
    paths.some((edited) => {
      const editedPath = pathOf(edited);
      return (
        editedPath === path ||
        path.startsWith(`${editedPath}.`) ||
        path.startsWith(`${editedPath}[`) ||
        editedPath.startsWith(`${path}.`)
      );
    }),
  );
  return edit === undefined ? null : { manager: edit.manager, atMs: edit.atMs };
}
