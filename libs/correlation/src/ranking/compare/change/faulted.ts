/** A change compared with the faults that a cluster reports: one that touches the field at fault made it, one that came later did not. */
import type { Change, ObjectReference, WorkloadFinding } from '@faultline/model';
import { mechanismMeanings } from '../../vocabulary/fault-mechanism.ts';
import { faultedService } from '../object-fault/connection.ts';
import { faultTiming, reportSlackMs, type TimingInputs } from '../object-fault/timing.ts';

/** What the faults say of a change. */
export interface FaultContrast {
  readonly verdict: 'guilty' | 'innocent';
  readonly fault: WorkloadFinding;
  /** Innocent, as its object can make no such fault; otherwise because the fault was there before. */
  readonly isBeside?: boolean;
}

/** The order of a change and a fault is known to about a minute: clocks of a cluster differ, and the API counts in seconds. */
const orderSlackMs = 60_000;

/**
 * Null: no fault says anything about it. A change that made one fault stays guilty whatever else is wrong. A fault that was over
 * before the effect says nothing: what made it is no reason for what fails now.
 */
export function contrastFaults(inputs: TimingInputs, change: Change, service: string): FaultContrast | null {
  const faults = (inputs.input.findings ?? []).filter((fault) => faultTiming(inputs, fault, false) > 0);
  const made = faults.find((fault) => madeBy(fault, change));
  if (made !== undefined) return { verdict: 'guilty', fault: made };
  const own = faults.filter(
    (fault) =>
      service !== '' &&
      faultedService(fault) === service &&
      mechanismMeanings[fault.mechanism].depth === 0 &&
      (fault.endedAtMs === null || fault.endedAtMs > change.startedAtMs),
  );
  const older = own.find((fault) => fault.sinceMs < change.startedAtMs - orderSlackMs);
  if (older !== undefined) return { verdict: 'innocent', fault: older };
  const other = own.find((fault) => cannotMake(fault, change));
  return other === undefined ? null : { verdict: 'innocent', fault: other, isBeside: true };
}

/** Objects that decide how many pods there are, which may be stopped, or who reaches them, and nothing of how they start and run. */
const besidePods: ReadonlySet<string> = new Set([
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Service',
  'Ingress',
  'HTTPRoute',
]);

/** Whether pods fail by themselves, and the change was of something beside them. */
function cannotMake(fault: WorkloadFinding, { cluster }: Pick<Change, 'cluster'>): boolean {
  const { group } = mechanismMeanings[fault.mechanism];
  return (group === 'start' || group === 'run') && besidePods.has(cluster?.object.kind ?? '');
}

/** Whether it came before the fault, and is what the cluster names, or touches the field at fault. */
function madeBy(fault: WorkloadFinding, change: Change): boolean {
  if (change.startedAtMs > fault.sinceMs + reportSlackMs) return false;
  return fault.changedBy?.changeId === change.id
    ? touchesFault(fault, change) !== false
    : touchesFault(fault, change) === true;
}

/** Whether it touches the object and field at fault, or what the field refers to. Null: it names no fields. */
export function touchesFault(fault: WorkloadFinding, { cluster }: Pick<Change, 'cluster'>): boolean | null {
  if (cluster === null || cluster === undefined) return null;
  if (fault.target !== null && isSame(cluster.object, fault.target)) return true;
  if (!isSame(cluster.object, fault.object)) return false;
  // The field of an effect, such as a deadline, is not what was changed.
  if (fault.field === '' || mechanismMeanings[fault.mechanism].depth > 0) return null;
  if (cluster.omittedPaths > 0) return null;
  const paths = [
    ...cluster.paths.map(({ path }) => path),
    ...cluster.images.map(({ container }) => `spec.template.spec.containers[${container}].image`),
  ];
  if (paths.length === 0) return null;
  return paths.some((path) => overlap(path, fault.field));
}

/** One is the other, or a part of it. `containers[*]` is any container, and `env` every variable. */
function overlap(a: string, b: string): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((part, i) => part === right[i] || isAny(part, right[i] ?? ''));
}

function isAny(a: string, b: string): boolean {
  const [nameA = '', nameB = ''] = [a.split('[')[0], b.split('[')[0]];
  const isWhole = (part: string) => part.endsWith('[*]') || !part.includes('[');
  return nameA === nameB && (isWhole(a) || isWhole(b));
}

/** Names in brackets may hold dots. */
function partsOf(path: string): string[] {
  return path.match(/(?:[^.[\]]|\[[^\]]*\])+/g) ?? [];
}

function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
