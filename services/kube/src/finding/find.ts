/** The faults of one object, by its kind. Pure. */
import type { ObjectReference } from '@faultline/model';
import type { KnownObject } from '../cluster/model.ts';
import type { FaultContext, FaultDraft } from './draft.ts';
import { faultsOfNetworkPolicy } from './network-policy.ts';
import {
  faultsOfAutoscaler,
  faultsOfBudget,
  faultsOfCertificate,
  faultsOfClaim,
  faultsOfDelivery,
  faultsOfNode,
} from './others.ts';
import { faultsOfService } from './service.ts';
import { faultsOfWorkload } from './workload.ts';

type Find = (context: FaultContext, known: KnownObject) => readonly FaultDraft[];

const byKind: Readonly<Record<string, { readonly resource: string; readonly find: Find }>> = {
  Service: { resource: 'services', find: faultsOfService },
  Node: { resource: 'nodes', find: faultsOfNode },
  PersistentVolumeClaim: { resource: 'persistentvolumeclaims', find: faultsOfClaim },
  HorizontalPodAutoscaler: { resource: 'horizontalpodautoscalers.autoscaling', find: faultsOfAutoscaler },
  PodDisruptionBudget: { resource: 'poddisruptionbudgets.policy', find: faultsOfBudget },
  NetworkPolicy: { resource: 'networkpolicies.networking.k8s.io', find: faultsOfNetworkPolicy },
  Certificate: { resource: 'certificates.cert-manager.io', find: faultsOfCertificate },
  Application: { resource: 'applications.argoproj.io', find: faultsOfDelivery },
  Kustomization: { resource: 'kustomizations.kustomize.toolkit.fluxcd.io', find: faultsOfDelivery },
  HelmRelease: { resource: 'helmreleases.helm.toolkit.fluxcd.io', find: faultsOfDelivery },
};

/** None for an object that is gone. */
export function findFaults(context: FaultContext, subject: ObjectReference): readonly FaultDraft[] {
  const own = byKind[subject.kind];
  if (own === undefined) return faultsOfWorkload(context, subject);
  const known = context.model.get(own.resource, subject.namespace, subject.name);
  return known === undefined ? [] : own.find(context, known);
}

/** Whether faults of this kind of object are looked for in the object itself, and not in its workload. */
export function hasOwnFaults(kind: string): boolean {
  return byKind[kind] !== undefined;
}
