/** What a comparison returns: one difference of one object. */
import type { DriftComparison } from '@faultline/model';
import type { Json, JsonObject } from '../api/json.ts';
import type { PathStep } from '../path/path.ts';

export interface Difference {
  readonly against: DriftComparison;
  /** For people: the other clusters, the release, the usual field manager. */
  readonly reference: string;
  readonly path: string;
  readonly steps: readonly PathStep[];
  /** Undefined: the path is absent. */
  readonly value: Json | undefined;
  readonly expected: Json | undefined;
  /** False: nobody knows what was there before. */
  readonly isExpectedKnown: boolean;
  /** An object that has the expected value, for a patch of the whole list that it is in. Null: there is none. */
  readonly expectedBody: JsonObject | null;
  /** Since when it differs, ms since 1970. Null: not known. */
  readonly sinceMs: number | null;
  /** Who made it, where the comparison itself knows. Null: whoever wrote the field. Empty: nobody here did. */
  readonly actor: string | null;
}
