/**
 * Watches a Kubernetes cluster and reports what changed, what is wrong and which names belong together. It reads and never writes, except
 * its own Lease. It decides nothing about incidents. README.md explains it.
 */
export { type KubeConfig, kubeConfig } from './config.ts';
export { type KubeErrorCode, kubeErrors } from './errors.ts';
export { checkKube, createKube, type Kube, type KubeOptions } from './kube.ts';
export { describeAccess, describeKinds } from './resources/manifest.ts';
export { leaseRule, type PolicyRule, rulesFor } from './resources/rbac.ts';
export { kindsFor, type Purpose, type ResourceKind, resourceKinds } from './resources/table.ts';
