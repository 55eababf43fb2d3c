/** Faults of nodes, claims, autoscalers, budgets, certificates and delivery tools, from their conditions. Pure. */
import type { Entities, FindingMechanism } from '@faultline/model';
import { at, isTrue, list, numberAt, text, timeMs } from '../api/json.ts';
import { qualified } from '../change/subject.ts';
import type { KnownObject } from '../cluster/model.ts';
import { concernedBy } from '../cluster/users.ts';
import { entitiesOfNode, entitiesOfWorkload, fitsSelector } from '../cluster/workload.ts';
import { draftOf, type FaultContext, type FaultDraft } from './draft.ts';
import { conditionOf } from './workload.ts';

/** The workload that an object concerns, if it is one; otherwise its namespace. */
function entitiesOf({ model, cluster }: FaultContext, { observed }: KnownObject): Entities {
  const [workload, ...others] = concernedBy(model, observed);
  if (workload !== undefined && others.length === 0)
    return qualified(model, entitiesOfWorkload(model, workload, cluster));
  return { namespace: observed.reference.namespace, cluster };
}

const nodeConditions: readonly (readonly [type: string, bad: readonly string[], FindingMechanism])[] = [
  // `Unknown`: the kubelet does not report any more.
  ['Ready', ['False', 'Unknown'], 'node-not-ready'],
  ['DiskPressure', ['True'], 'node-disk-pressure'],
  ['MemoryPressure', ['True'], 'node-memory-pressure'],
  ['PIDPressure', ['True'], 'node-pid-pressure'],
  ['NetworkUnavailable', ['True'], 'node-network-unavailable'],
];

export function faultsOfNode({ model, cluster }: FaultContext, { observed }: KnownObject): readonly FaultDraft[] {
  const { reference, status } = observed;
  const entities = entitiesOfNode(model, reference.name, cluster);
  return nodeConditions.flatMap(([type, bad, mechanism]) => {
    const condition = list(status, 'conditions').find(
      (entry) => text(entry, 'type') === type && bad.includes(text(entry, 'status')),
    );
    if (condition === undefined) return [];
    return [
      draftOf(mechanism, reference, entities, {
        field: `status.conditions[${type}]`,
        reason: text(condition, 'reason'),
        message: text(condition, 'message'),
        sinceMs: timeMs(condition, 'lastTransitionTime'),
      }),
    ];
  });
}

export function faultsOfClaim(context: FaultContext, claim: KnownObject): readonly FaultDraft[] {
  const { model, warningsOf } = context;
  const { reference, body, status, uid, createdAtMs } = claim.observed;
  if (text(status, 'phase') !== 'Pending') return [];
  const entities = entitiesOf(context, claim);
  const facts = { sinceMs: createdAtMs || null, field: 'spec.storageClassName' };
  const className = text(body, 'spec', 'storageClassName');
  const storageClass = model.get('storageclasses.storage.k8s.io', '', className);
  if (className !== '' && storageClass === undefined && model.isSynced('storageclasses.storage.k8s.io')) {
    const target = { kind: 'StorageClass', namespace: '', name: className };
    return [draftOf('claim-without-class', reference, entities, { ...facts, target })];
  }
  const failed = warningsOf(uid).find(({ reason }) => reason === 'ProvisioningFailed');
  if (failed !== undefined)
    return [
      draftOf('claim-not-provisioned', reference, entities, {
        ...facts,
        ...failed,
        sinceMs: failed.firstMs,
        measures: {},
      }),
    ];
  // Such a claim waits for its first pod, as it should.
  const isWaiting = text(storageClass?.observed.body, 'volumeBindingMode') === 'WaitForFirstConsumer';
  const isUnmatched =
    className === '' || text(storageClass?.observed.body, 'provisioner') === 'kubernetes.io/no-provisioner';
  return isWaiting || !isUnmatched ? [] : [draftOf('claim-without-volume', reference, entities, facts)];
}

export function faultsOfAutoscaler(context: FaultContext, autoscaler: KnownObject): readonly FaultDraft[] {
  const { reference, body, status } = autoscaler.observed;
  const entities = entitiesOf(context, autoscaler);
  const inactive = conditionOf(status, 'ScalingActive', 'False');
  if (inactive !== null && text(inactive, 'reason') !== 'ScalingDisabled')
    return [
      draftOf('autoscaler-without-metrics', reference, entities, {
        field: 'spec.metrics',
        reason: text(inactive, 'reason'),
        message: text(inactive, 'message'),
        sinceMs: timeMs(inactive, 'lastTransitionTime'),
      }),
    ];
  const limited = conditionOf(status, 'ScalingLimited', 'True');
  const most = numberAt(body, ['spec', 'maxReplicas']);
  const current = numberAt(status, ['currentReplicas']);
  if (limited === null || text(limited, 'reason') !== 'TooManyReplicas' || current < most) return [];
  return [
    draftOf('autoscaler-at-limit', reference, entities, {
      field: 'spec.maxReplicas',
      reason: 'TooManyReplicas',
      message: text(limited, 'message'),
      sinceMs: timeMs(limited, 'lastTransitionTime'),
      measures: { maxReplicas: most },
    }),
  ];
}

/** A budget that allows nothing blocks only where a node is being drained. */
export function faultsOfBudget(context: FaultContext, budget: KnownObject): readonly FaultDraft[] {
  const { model } = context;
  const { reference, body, status } = budget.observed;
  const expected = numberAt(status, ['expectedPods']);
  if (expected === 0 || numberAt(status, ['disruptionsAllowed'], 1) > 0) return [];
  const selector = at(body, 'spec', 'selector');
  const pods = [...model.all('pods', reference.namespace)].filter(({ observed }) =>
    fitsSelector(observed.labels, selector),
  );
  const held = pods.find(({ observed }) =>
    isTrue(model.get('nodes', '', text(observed.body, 'spec', 'nodeName'))?.observed.body, 'spec', 'unschedulable'),
  );
  if (held === undefined) return [];
  return [
    draftOf('disruption-budget-blocks', reference, entitiesOf(context, budget), {
      field: Object.hasOwn(at(body, 'spec'), 'minAvailable') ? 'spec.minAvailable' : 'spec.maxUnavailable',
      target: { kind: 'Node', namespace: '', name: text(held.observed.body, 'spec', 'nodeName') },
      reason: 'InsufficientPods',
      affected: expected - numberAt(status, ['currentHealthy']),
      total: expected,
    }),
  ];
}

/** cert-manager renews at two thirds of the lifetime; two weeks before the end something is wrong. */
const expiringMs = 14 * 86_400_000;

export function faultsOfCertificate(context: FaultContext, certificate: KnownObject): readonly FaultDraft[] {
  const { reference, body, status } = certificate.observed;
  const notAfterMs = timeMs(status, 'notAfter');
  const notReady = conditionOf(status, 'Ready', 'False');
  const target = { kind: 'Secret', namespace: reference.namespace, name: text(body, 'spec', 'secretName') };
  const entities = entitiesOf(context, certificate);
  const facts = {
    field: 'status.notAfter',
    target,
    reason: text(notReady ?? {}, 'reason'),
    message: text(notReady ?? {}, 'message'),
  };
  if (notAfterMs !== null && notAfterMs <= context.nowMs)
    return [draftOf('certificate-expired', reference, entities, { ...facts, sinceMs: notAfterMs })];
  if (notAfterMs !== null && notAfterMs - context.nowMs < expiringMs)
    return [draftOf('certificate-expiring', reference, entities, { ...facts, sinceMs: notAfterMs - expiringMs })];
  if (notReady === null) return [];
  return [
    draftOf('certificate-not-issued', reference, entities, {
      ...facts,
      field: 'spec.issuerRef',
      sinceMs: timeMs(notReady, 'lastTransitionTime'),
    }),
  ];
}

/** Argo CD's operation, and the condition `Ready` of Flux. */
export function faultsOfDelivery({ cluster }: FaultContext, { observed }: KnownObject): readonly FaultDraft[] {
  const { reference, status } = observed;
  const entities = { namespace: reference.namespace, cluster };
  const phase = text(status, 'operationState', 'phase');
  if (phase === 'Failed' || phase === 'Error')
    return [
      draftOf('delivery-failed', reference, entities, {
        field: 'status.operationState',
        reason: phase,
        message: text(status, 'operationState', 'message'),
        sinceMs: timeMs(status, 'operationState', 'finishedAt'),
      }),
    ];
  const notReady = conditionOf(status, 'Ready', 'False');
  if (notReady === null || reference.kind === 'Application') return [];
  return [
    draftOf('delivery-failed', reference, entities, {
      field: 'status.conditions[Ready]',
      reason: text(notReady, 'reason'),
      message: text(notReady, 'message'),
      sinceMs: timeMs(notReady, 'lastTransitionTime'),
    }),
  ];
}
