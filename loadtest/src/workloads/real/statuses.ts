/** Pod statuses and events as a kubelet writes them. They stand in for one: a status of a container cannot come from the API server. */
import type { JsonObject } from '@faultline/kube/engine';

/** The parts of a pod that a status depends on. */
export interface StatusInput {
  readonly namespace: string;
  /** The names of the containers and init containers of its spec. */
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  readonly initContainers: readonly { readonly name: string; readonly image: string }[];
  readonly podIp: string;
  readonly now: string;
}

export interface KubeletWrites {
  readonly status: JsonObject;
  /** A Warning about the pod. */
  readonly warning?: { readonly reason: string; readonly message: string; readonly container?: string };
}

export type Status = (input: StatusInput) => KubeletWrites;

function conditions(isReady: boolean, now: string, reason = 'ContainersNotReady'): JsonObject[] {
  const status = isReady ? 'True' : 'False';
  const more = isReady ? {} : { reason };
  return ['Ready', 'ContainersReady'].map((type) => ({ type, status, lastTransitionTime: now, ...more }));
}

function containerStatus(
  { name, image }: StatusInput['containers'][number],
  state: JsonObject,
  more: JsonObject = {},
): JsonObject {
  return { name, image, imageID: '', ready: false, started: false, restartCount: 0, state, lastState: {}, ...more };
}

const runningState = (now: string): JsonObject => ({ running: { startedAt: now } });

export const running: Status = ({ containers, podIp, now }) => ({
  status: {
    phase: 'Running',
    startTime: now,
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    conditions: conditions(true, now),
    containerStatuses: containers.map((one) => containerStatus(one, runningState(now), { ready: true, started: true })),
  },
});

/** It waits with this reason and never ran. The `{image}` of the message is replaced. */
export function waiting(reason: string, message = '', warning?: KubeletWrites['warning']): Status {
  return ({ containers, podIp, now }) => ({
    status: {
      phase: 'Pending',
      startTime: now,
      podIP: podIp,
      podIPs: [{ ip: podIp }],
      conditions: conditions(false, now),
      containerStatuses: containers.map((one) =>
        containerStatus(one, { waiting: { reason, message: message.replaceAll('{image}', one.image) } }),
      ),
    },
    ...(warning !== undefined && { warning }),
  });
}

/** It has crashed three times, and waits for its next start. */
export function crashing(terminated: JsonObject, warning?: KubeletWrites['warning']): Status {
  return ({ containers, podIp, now }) => {
    const ended = { startedAt: now, finishedAt: now, reason: 'Error', ...terminated };
    const backOff = 'back-off 40s restarting failed container';
    return {
      status: {
        phase: 'Running',
        startTime: now,
        podIP: podIp,
        podIPs: [{ ip: podIp }],
        conditions: conditions(false, now),
        containerStatuses: containers.map((one) =>
          containerStatus(
            one,
            { waiting: { reason: 'CrashLoopBackOff', message: backOff } },
            { restartCount: 3, lastState: { terminated: ended } },
          ),
        ),
      },
      warning: warning ?? { reason: 'BackOff', message: `Back-off restarting failed container`, container: 'pay' },
    };
  };
}

/** It runs and is not ready. */
export function unready(warning?: KubeletWrites['warning'], reason?: string): Status {
  return (input) => {
    const { status } = running(input);
    const { now, containers } = input;
    const isReady = reason !== undefined;
    const containerStatuses = containers.map((one) =>
      containerStatus(one, runningState(now), { ready: isReady, started: true }),
    );
    return {
      status: { ...status, conditions: conditions(false, now, reason), containerStatuses },
      ...(warning !== undefined && { warning }),
    };
  };
}

export const initFailed: Status = ({ initContainers, containers, podIp, now }) => ({
  status: {
    phase: 'Pending',
    startTime: now,
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    conditions: conditions(false, now),
    initContainerStatuses: initContainers.map((one) =>
      containerStatus(
        one,
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
        {
          restartCount: 3,
          lastState: { terminated: { exitCode: 2, reason: 'Error', startedAt: now, finishedAt: now } },
        },
      ),
    ),
    containerStatuses: containers.map((one) => containerStatus(one, { waiting: { reason: 'PodInitializing' } })),
  },
});

export const failed: Status = ({ containers, now }) => ({
  status: {
    phase: 'Failed',
    startTime: now,
    conditions: conditions(false, now, 'PodFailed'),
    containerStatuses: containers.map((one) =>
      containerStatus(one, { terminated: { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now } }),
    ),
  },
});

export const evicted: Status = ({ now }) => ({
  status: {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 800Mi. ',
    startTime: now,
  },
});
