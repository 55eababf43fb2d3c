/** The truth about a case. The system under test never reads it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Truth {
  readonly case: string;
  /** Cases of one family fail in the same way. Leave-one-out fits leave out a family. */
  readonly family: string;
  /** Names that count as the cause. Empty: nothing is wrong. Several: either end of an edge, or two faults. */
  readonly services: readonly string[];
  /** For two faults, the names of each. Otherwise empty. */
  readonly overlapping: readonly (readonly string[])[];
  /** The faulty instance. Empty: all instances, or unknown. */
  readonly instance: string;
  /** The fault types that count as right. Empty: unknown. */
  readonly kinds: readonly string[];
  /** The summary of the guilty change. Null: none. */
  readonly change: string | null;
  /** Summaries of innocent changes. */
  readonly innocent: readonly string[];
  /** Onset in case time. Null where the label is too coarse. */
  readonly sinceMs: number | null;
  /** The alerts that are sent, and whether the fault caused them. Left out: unknown. */
  readonly alerts?: readonly AlertTruth[];
}

export interface AlertTruth {
  /** Case time. */
  readonly atMs: number;
  readonly name: string;
  /** False for noise, which fires in every company at any time. */
  readonly isOfFault: boolean;
}

/** Labels in a folder, by case name. */
export function readTruth(folder: string): ReadonlyMap<string, Truth> {
  const labels = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseTruth(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Label));
  return new Map(labels.map((label) => [label.case, label]));
}

/** The label of an injected fault, or a complete `Truth`. */
type Label =
  | Truth
  | {
      readonly case: string;
      readonly service: string;
      readonly pod?: string;
      readonly fault_type: string;
      readonly family?: string;
    };

export function parseTruth(label: Label): Truth {
  if ('services' in label) return label;
  const { family, kinds } = familyOf(label);
  const { service, pod = '' } = label;
  // Labels of injected faults are only accurate to minutes, so the onset is not judged.
  return {
    case: label.case,
    services: [service],
    overlapping: [],
    instance: pod,
    family,
    kinds,
    change: null,
    innocent: [],
    sinceMs: null,
  };
}

/** In order of preference: the label's family, the fault in the case's name, the injected fault type. */
function familyOf(label: { readonly case: string; readonly fault_type: string; readonly family?: string }): {
  family: string;
  kinds: string[];
} {
  const injected = injections.find(({ says }) => says.test(label.fault_type));
  const scenario = /^[a-z]+-([a-z_]+\d*)-\d+$/.exec(label.case)?.[1];
  return { family: label.family ?? scenario ?? injected?.family ?? 'other', kinds: injected?.kinds ?? [] };
}

/**
 * A used-up resource and the code that uses it up count as the same fault. So do an exception and a wrong return value.
 */
const injections = [
  { says: /cpu/, family: 'cpu', kinds: ['cpu'] },
  { says: /network/, family: 'network', kinds: ['network'] },
  { says: /exception/, family: 'exception', kinds: ['code', 'error'] },
  { says: /^return/, family: 'return', kinds: ['code', 'error'] },
  { says: /delay|sleep/, family: 'latency', kinds: ['latency', 'code'] },
  { says: /error|inject/, family: 'error', kinds: ['error', 'code'] },
];

/** The label from the folder if there is one, otherwise the truth kept with the case. */
export function truthBy(
  folder: string,
): (kept: { readonly case: string; readonly truth: Truth | null }) => Truth | null {
  const labels = existsSync(folder) ? readTruth(folder) : new Map<string, Truth>();
  return (kept) => labels.get(kept.case) ?? kept.truth;
}
