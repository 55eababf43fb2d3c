/** Compares an object with what is declared. Only declared fields count: defaults and what controllers add are no difference. Pure. */
import { isObject, type Json, type JsonObject } from '../api/json.ts';
import { isNoise } from '../change/compare.ts';
import { type PathStep, partsOf, pathOf } from '../path/path.ts';
import type { Difference } from './difference.ts';
import { isSameQuantity } from './quantity.ts';

/** What declares an object, for people: `last applied configuration`, `release shop/pay revision 3`. */
export interface Declaration {
  readonly reference: string;
  readonly body: JsonObject;
}

export function compareDeclared(live: JsonObject, { reference, body }: Declaration): readonly Difference[] {
  const found: Found[] = [];
  comparePart(body, live, [], found);
  return found.map(
    ({ steps, value, expected }): Difference => ({
      against: 'declared',
      reference,
      path: pathOf(steps),
      steps,
      value,
      expected,
      isExpectedKnown: true,
      expectedBody: body,
      sinceMs: null,
      actor: null,
    }),
  );
}

interface Found {
  readonly steps: readonly PathStep[];
  readonly value: Json | undefined;
  readonly expected: Json | undefined;
}

function comparePart(declared: Json, live: Json | undefined, steps: readonly PathStep[], found: Found[]): void {
  if (isEmpty(declared) || isNoise(pathOf(steps))) return;
  if (isObject(declared) && isObject(live)) {
    for (const [field, part] of Object.entries(declared)) comparePart(part, live[field], [...steps, { field }], found);
    return;
  }
  if (Array.isArray(declared) && Array.isArray(live)) {
    compareItems(declared, live, steps, found);
    return;
  }
  if (!isSame(declared, live, steps)) found.push({ steps, value: live, expected: declared });
}

/** By name where every item has one, otherwise by place. An item that is only in the live list was added by something else. */
function compareItems(
  declared: readonly Json[],
  live: readonly Json[],
  steps: readonly PathStep[],
  found: Found[],
): void {
  const [named, liveNamed] = [partsOf(declared), partsOf(live)];
  if (named !== null && liveNamed !== null) {
    for (const [segment, { step, value }] of named)
      comparePart(value, liveNamed.get(segment)?.value, [...steps, step], found);
    return;
  }
  if (declared.length !== live.length) {
    found.push({ steps, value: live, expected: declared });
    return;
  }
  for (const [index, item] of declared.entries()) comparePart(item, live[index], [...steps, { index }], found);
}

/** The server drops what is empty. */
function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The server writes `1000m` as `1`, and a port or a number in quotes as it likes. */
function isSame(declared: Json, live: Json | undefined, steps: readonly PathStep[]): boolean {
  if (JSON.stringify(declared) === JSON.stringify(live)) return true;
  if (live === undefined || typeof live === 'object' || typeof declared === 'object') return false;
  return String(declared) === String(live) || isSameQuantity(declared, live, pathOf(steps));
}
