/** What really happened in a case. The system under test never reads it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Truth {
  readonly case: string;
  /** What the left-out runs leave out: cases of one family fail in the same way. */
  readonly family: string;
  /** Names that count as the cause; none when nothing is wrong. More than one where either end may be named, or faults overlap. */
  readonly services: readonly string[];
  /** Where faults overlap, the names of each; else empty. */
  readonly overlapping: readonly (readonly string[])[];
  /** The instance at fault; empty where the label names none, or all of them. */
  readonly instance: string;
  /** The kinds that count as right; empty where the label does not say. */
  readonly kinds: readonly string[];
  /** The summary of the change at fault, if one is. */
  readonly change: string | null;
  /** Summaries of changes that are there and are not at fault. */
  readonly innocent: readonly string[];
  /** When the harm began, in the case's own time; null where the label is too coarse to judge by. */
  readonly sinceMs: number | null;
}

/** The labels of each case in a folder, by the case's name. */
export function readTruth(folder: string): ReadonlyMap<string, Truth> {
  const labels = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseTruth(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Label));
  return new Map(labels.map((label) => [label.case, label]));
}

/** Either the label of an injected fault, as cases/README.md has it, or a whole `Truth`. */
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
  // Labels of injected faults name the minute, more or less: no judge of seconds.
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

/** As the label says; else the scenario that is part of the case's name; else what was injected. */
function familyOf(label: { readonly case: string; readonly fault_type: string; readonly family?: string }): {
  family: string;
  kinds: string[];
} {
  const injected = injections.find(({ says }) => says.test(label.fault_type));
  const scenario = /^[a-z]+-([a-z_]+\d*)-\d+$/.exec(label.case)?.[1];
  return { family: label.family ?? scenario ?? injected?.family ?? 'other', kinds: injected?.kinds ?? [] };
}

/** A resource that is used up and the code that uses it up are the same fault; so are an exception and a missing return. */
const injections = [
  { says: /cpu/, family: 'cpu', kinds: ['cpu'] },
  { says: /network/, family: 'network', kinds: ['network'] },
  { says: /exception/, family: 'exception', kinds: ['code', 'error'] },
  { says: /^return/, family: 'return', kinds: ['code', 'error'] },
  { says: /delay|sleep/, family: 'latency', kinds: ['latency', 'code'] },
  { says: /error|inject/, family: 'error', kinds: ['error', 'code'] },
];

/** The truth of kept cases: as the folder of labels has it now, else as it was kept. */
export function truthBy(
  folder: string,
): (kept: { readonly case: string; readonly truth: Truth | null }) => Truth | null {
  const labels = existsSync(folder) ? readTruth(folder) : new Map<string, Truth>();
  return (kept) => labels.get(kept.case) ?? kept.truth;
}
