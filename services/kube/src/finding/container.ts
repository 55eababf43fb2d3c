/** What is wrong with one container of a pod, from its status. Pure. */
import type { FindingMechanism } from '@faultline/model';
import { at, isTrue, type JsonObject, list, numberAt, text, timeMs } from '../api/json.ts';
import type { Warning } from './draft.ts';
import { imageMechanism, probeOfMessage } from './messages.ts';

export interface ContainerFault {
  readonly mechanism: FindingMechanism;
  /** Within the pod: `spec.containers[pay].image`. */
  readonly field: string;
  /** The image of an image fault; otherwise empty. */
  readonly targetKey: string;
  readonly reason: string;
  readonly message: string;
  readonly sinceMs: number | null;
  readonly measures: Readonly<Record<string, number>>;
}

export interface ContainerInput {
  /** `containers` or `initContainers`. */
  readonly part: 'containers' | 'initContainers';
  readonly spec: JsonObject;
  readonly status: JsonObject;
  readonly warnings: readonly Warning[];
  readonly nowMs: number;
}

const imageReasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** A container that ended and runs again counts as faulty for this long. */
const recentMs = 600_000;

/** Null: nothing, or nothing that the container itself shows. */
export function faultOfContainer(input: ContainerInput): ContainerFault | null {
  const waiting = at(input.status, 'state', 'waiting');
  const reason = text(waiting, 'reason');
  if (imageReasons.has(reason)) return imageFault(input, reason, text(waiting, 'message'));
  if (reason === 'CreateContainerError' || reason === 'RunContainerError')
    return startFault(input, reason, text(waiting, 'message'));
  const ended = endedOf(input);
  if (ended !== null) return endFault(input, ended);
  return probeFault(input);
}

function fieldOf({ part, status }: ContainerInput, field: string): string {
  const name = `spec.${part}[${text(status, 'name')}]`;
  return field === '' ? name : `${name}.${field}`;
}

function imageFault(input: ContainerInput, reason: string, message: string): ContainerFault {
  const image = text(input.spec, 'image');
  const warned = input.warnings.filter((warning) => warning.reason === 'Failed');
  const texts = [message, ...warned.map((warning) => warning.message)];
  const found = texts.map(imageMechanism).find((mechanism) => mechanism !== null);
  const mechanism = reason === 'InvalidImageName' ? 'image-name-invalid' : (found ?? 'image-not-found');
  const starts = warned.map(({ firstMs }) => firstMs);
  return {
    mechanism,
    field: fieldOf(input, 'image'),
    targetKey: image,
    reason,
    message: texts.find((one) => imageMechanism(one) !== null) ?? message,
    sinceMs: starts.length === 0 ? null : Math.min(...starts),
    measures: {},
  };
}

function startFault(input: ContainerInput, reason: string, message: string): ContainerFault {
  const isArchitecture = imageMechanism(message) === 'image-wrong-architecture';
  return {
    mechanism: isArchitecture ? 'image-wrong-architecture' : 'container-cannot-start',
    field: fieldOf(input, isArchitecture ? 'image' : 'command'),
    targetKey: isArchitecture ? text(input.spec, 'image') : '',
    reason,
    message,
    sinceMs: null,
    measures: { restarts: numberAt(input.status, ['restartCount']) },
  };
}

interface End {
  readonly terminated: JsonObject;
  readonly reason: string;
}

/** How it ended, if that is why it does not run, or it did lately. A Job's container that ended with 0 is done. */
function endedOf({ status, nowMs }: ContainerInput): End | null {
  const now = at(status, 'state', 'terminated');
  const last = at(status, 'lastState', 'terminated');
  const waiting = text(status, 'state', 'waiting', 'reason');
  if (text(now, 'reason') !== '' && isFailed(now)) return { terminated: now, reason: text(now, 'reason') };
  if (text(last, 'reason') === '' || !isFailed(last)) return null;
  if (waiting === 'CrashLoopBackOff') return { terminated: last, reason: waiting };
  const isRecent = nowMs - (timeMs(last, 'finishedAt') ?? 0) < recentMs;
  return isRecent ? { terminated: last, reason: text(last, 'reason') } : null;
}

function isFailed(terminated: JsonObject): boolean {
  return numberAt(terminated, ['exitCode']) !== 0 || text(terminated, 'reason') === 'OOMKilled';
}

/** SIGTERM: whoever stopped the pod meant it. */
const terminatedSignal = 15;

function endFault(input: ContainerInput, { terminated, reason }: End): ContainerFault | null {
  const exitCode = numberAt(terminated, ['exitCode']);
  const signal = numberAt(terminated, ['signal']) || (exitCode > 128 && exitCode < 160 ? exitCode - 128 : 0);
  const { mechanism, field } = endMechanism(input, terminated, signal);
  if (signal === terminatedSignal && mechanism === 'container-killed' && reason !== 'CrashLoopBackOff') return null;
  return {
    mechanism,
    field: fieldOf(input, field),
    targetKey: mechanism === 'image-wrong-architecture' ? text(input.spec, 'image') : '',
    reason,
    message: text(terminated, 'message'),
    sinceMs: firstMs(input) ?? timeMs(terminated, 'finishedAt'),
    measures: { exitCode, restarts: numberAt(input.status, ['restartCount']), ...(signal > 0 && { signal }) },
  };
}

function endMechanism(
  input: ContainerInput,
  terminated: JsonObject,
  signal: number,
): { readonly mechanism: FindingMechanism; readonly field: string } {
  if (text(terminated, 'reason') === 'OOMKilled')
    return { mechanism: 'out-of-memory', field: 'resources.limits.memory' };
  const message = text(terminated, 'message');
  if (imageMechanism(message) === 'image-wrong-architecture')
    return { mechanism: 'image-wrong-architecture', field: 'image' };
  if (text(terminated, 'reason') === 'StartError') return { mechanism: 'container-cannot-start', field: 'command' };
  if (input.part === 'initContainers') return { mechanism: 'init-container-failed', field: '' };
  const killedBy = probeThatKills(input);
  if (killedBy !== null) return { mechanism: `${killedBy}-failing`, field: `${killedBy}Probe` };
  return { mechanism: signal > 0 ? 'container-killed' : 'container-exits', field: '' };
}

/** The kubelet restarts a container whose liveness or startup probe fails, and says so only in its events. */
function probeThatKills({ spec, warnings, nowMs }: ContainerInput): 'liveness' | 'startup' | null {
  for (const { reason, message, lastMs } of warnings) {
    const probe = reason === 'Unhealthy' && nowMs - lastMs < recentMs ? probeOfMessage(message) : null;
    if ((probe === 'liveness' || probe === 'startup') && Object.hasOwn(spec, `${probe}Probe`)) return probe;
  }
  return null;
}

function firstMs({ warnings }: ContainerInput): number | null {
  const starts = warnings
    .filter(({ reason }) => reason === 'BackOff' || reason === 'Unhealthy')
    .map(({ firstMs: first }) => first);
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Running, and not ready for longer than its probes allow. */
function probeFault(input: ContainerInput): ContainerFault | null {
  const { spec, status, nowMs, part } = input;
  const startedMs = timeMs(status, 'state', 'running', 'startedAt');
  if (startedMs === null || part === 'initContainers' || isTrue(status, 'ready')) return null;
  const isStarting = Object.hasOwn(spec, 'startupProbe') && !isTrue(status, 'started');
  const name = isStarting ? 'startup' : 'readiness';
  const probe = at(spec, `${name}Probe`);
  if (Object.keys(probe).length === 0) return null;
  const warned = input.warnings.filter(
    ({ reason, message }) => reason === 'Unhealthy' && probeOfMessage(message) === name,
  );
  const allowedMs = allowedOf(probe);
  const sinceMs = warned.length > 0 ? Math.min(...warned.map(({ firstMs: first }) => first)) : startedMs;
  // A pod that was ready before has no time to start.
  const isLong = nowMs - startedMs >= allowedMs || warned.length > 0;
  if (!isLong) return null;
  return {
    mechanism: `${name}-failing`,
    field: fieldOf(input, `${name}Probe`),
    targetKey: '',
    reason: 'Unhealthy',
    message: warned[0]?.message ?? '',
    sinceMs: Math.max(sinceMs, startedMs),
    measures: {},
  };
}

/** The defaults of the API: a period of 10 s, three failures. */
function allowedOf(probe: JsonObject): number {
  const seconds =
    numberAt(probe, ['initialDelaySeconds']) +
    numberAt(probe, ['periodSeconds'], 10) * numberAt(probe, ['failureThreshold'], 3);
  return seconds * 1000;
}

/** The spec and status of each container, by name. */
export function containersOf(spec: JsonObject, status: JsonObject): Omit<ContainerInput, 'warnings' | 'nowMs'>[] {
  const parts = [
    ['initContainers', 'initContainerStatuses'],
    ['containers', 'containerStatuses'],
  ] as const;
  return parts.flatMap(([part, statuses]) =>
    list(status, statuses).map((one) => {
      const own = list(spec, part).find((container) => text(container, 'name') === text(one, 'name'));
      return { part, spec: own ?? {}, status: one };
    }),
  );
}
