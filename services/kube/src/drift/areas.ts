/** What a path of an object touches, and how risky a difference there is. One table, first match first. Pure. */
import type { DriftArea, DriftRisk } from '@faultline/model';

interface AreaRule {
  readonly area: DriftArea;
  readonly risk: DriftRisk;
  readonly path: RegExp;
}

const rule = (area: DriftArea, risk: DriftRisk, path: RegExp): AreaRule => ({ area, risk, path });

/**
 * High: it decides what code runs, with which settings and rights, or who reaches it. Medium: it decides how much it may use, how many
 * there are, and how they are checked and replaced. Low: names and the rest.
 */
const pathRules: readonly AreaRule[] = [
  rule('image', 'high', /\.image$/),
  rule('command', 'high', /\.(command|args)(\[|$)/),
  rule('environment', 'high', /\.env(From)?(\[|\.|$)/),
  rule('resources', 'high', /\.resources\.limits\.memory$/),
  rule('resources', 'medium', /\.resources(\.|$)|^spec\.hard(\.|$)/),
  rule('replicas', 'medium', /^spec\.(replicas|suspend|schedule|parallelism|completions)$/),
  rule('probe', 'medium', /\.(readiness|liveness|startup)Probe(\.|$)|\.lifecycle(\.|$)|GracePeriodSeconds$/),
  rule(
    'security',
    'high',
    /[sS]ecurityContext(\.|$)|\.(serviceAccount(Name)?|automountServiceAccountToken|host(Network|PID|IPC|Users)|imagePullSecrets)(\[|\.|$)/,
  ),
  rule('volume', 'high', /\.(volumes|volumeMounts|volumeDevices)(\[|\.|$)|^spec\.volumeClaimTemplates(\[|\.|$)/),
  rule('network', 'high', /\.ports(\[|\.|$)|^spec\.selector(\.|$)|\.(dnsConfig|hostAliases)(\[|\.|$)/),
  rule(
    'scheduling',
    'medium',
    /\.(nodeSelector|affinity|tolerations|topologySpreadConstraints|priorityClassName|nodeName|runtimeClassName)(\[|\.|$)/,
  ),
  rule(
    'rollout-policy',
    'medium',
    /^spec\.(strategy|updateStrategy|minReadySeconds|progressDeadlineSeconds|paused|podManagementPolicy)(\.|$)/,
  ),
  rule('label', 'low', /metadata\.(labels|annotations)(\[|\.|$)/),
];

/** What every path of these kinds touches, whatever it is called. */
const kindRules: Readonly<Record<string, AreaRule>> = {
  Secret: rule('secret', 'high', /^data/),
  ConfigMap: rule('configuration', 'high', /^data/),
  NetworkPolicy: rule('network', 'high', /^spec/),
  Service: rule('network', 'high', /^spec/),
  Ingress: rule('network', 'high', /^spec/),
  HTTPRoute: rule('network', 'high', /^spec/),
  HorizontalPodAutoscaler: rule('scaling-policy', 'medium', /^spec/),
  PodDisruptionBudget: rule('rollout-policy', 'medium', /^spec/),
  ResourceQuota: rule('resources', 'medium', /^spec/),
  LimitRange: rule('resources', 'medium', /^spec/),
  Application: rule('delivery', 'medium', /^/),
  Kustomization: rule('delivery', 'medium', /^/),
  HelmRelease: rule('delivery', 'medium', /^/),
};

/** The whole object, path '', is one that a delivery tool reports: what it touches is not known. */
export function areaOf(kind: string, path: string): { readonly area: DriftArea; readonly risk: DriftRisk } {
  const ofKind = kindRules[kind];
  if (ofKind?.path.test(path)) return ofKind;
  if (path === '') return { area: 'delivery', risk: 'medium' };
  return pathRules.find((candidate) => candidate.path.test(path)) ?? { area: 'other', risk: 'low' };
}
