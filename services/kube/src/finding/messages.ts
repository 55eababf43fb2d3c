/**
 * The one place that reads messages: where the API has a mechanism only as a text of the kubelet, the scheduler or the admission chain. Each
 * line names where the text is made. A message that fits no line leads to the general mechanism of its reason.
 */
import type { FindingMechanism } from '@faultline/model';

/** Errors of container runtimes and registries, as the kubelet repeats them in `ErrImagePull`. The first line that fits counts. */
const imageMessages: readonly (readonly [RegExp, FindingMechanism])[] = [
  // Docker Hub and other registries: HTTP 429.
  [/toomanyrequests|429 Too Many Requests|rate limit/i, 'image-rate-limited'],
  // containerd, images.Pull: no entry of the index fits the node.
  [/no match for platform|no matching manifest|exec format error/i, 'image-wrong-architecture'],
  // docker/distribution: errcode.
  [
    /unauthorized|authentication required|access denied|pull access denied|403 Forbidden|no basic auth|denied:/i,
    'image-denied',
  ],
  [/manifest unknown|name unknown|code = NotFound|not found|does not exist/i, 'image-not-found'],
  [
    /dial tcp|no such host|i\/o timeout|connection refused|connection reset|TLS handshake|x509|EOF|deadline exceeded|50[0-9] /i,
    'image-registry-unreachable',
  ],
];

/** Why an image could not be pulled. Null: the message does not say, as that of a back-off. */
export function imageMechanism(message: string): FindingMechanism | null {
  return imageMessages.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

/**
 * Reasons of the scheduler's plugins (`kube-scheduler`, constants `ErrReason...`), and the measure that counts their nodes. They are in the
 * order in which the plugins run by default. A node is refused by the first plugin only, so a later one means that the node got further.
 */
const predicates: readonly (readonly [RegExp, string, FindingMechanism])[] = [
  [/were unschedulable/, 'cordoned', 'unschedulable'],
  [/untolerated taint|taints? .*that the pod didn't tolerate/, 'untolerated-taint', 'taint-not-tolerated'],
  [/didn't match Pod's node affinity|node selector/, 'node-selector', 'node-selector-mismatch'],
  [/didn't have free ports/, 'host-port', 'insufficient-resources'],
  [/^Too many pods/, 'too-many-pods', 'insufficient-resources'],
  [/^Insufficient (\S+)/, 'insufficient-', 'insufficient-resources'],
  [/volume node affinity|no available volume zone/, 'volume-node-conflict', 'volume-node-conflict'],
  [
    /unbound immediate PersistentVolumeClaims|persistentvolumeclaim .* not found/,
    'unbound-claim',
    'claim-without-volume',
  ],
  [/pod topology spread/, 'topology-spread', 'topology-spread-unsatisfied'],
  [/pod (anti-)?affinity rules/, 'pod-affinity', 'affinity-unsatisfied'],
];

export interface Scheduling {
  readonly mechanism: FindingMechanism;
  /** `nodes`, and how many nodes each predicate refuses. */
  readonly measures: Readonly<Record<string, number>>;
  /** The resource that is short: `cpu`. Empty: none. */
  readonly resource: string;
}

/**
 * `0/5 nodes are available: 3 Insufficient cpu, 2 node(s) had untolerated taint {gpu: true}. preemption: ...`
 *
 * Nodes that a taint keeps for others are usual. So the reason of the nodes that got furthest counts, however few they are. Where the cluster
 * has a node that the pod's selector fits (`isSelectable`), what keeps the pod off that node counts, and not the selector.
 */
export function readScheduling(message: string, isSelectable = false): Scheduling {
  const [, count = '0', rest = ''] = /^0\/(\d+) nodes are available:? ?(.*)/s.exec(message) ?? [];
  const reasons = reasonsOf(rest === '' ? message : rest).flatMap(({ nodes, reason }) => {
    const found = predicateOf(reason);
    return found === null ? [] : [{ ...found, nodes }];
  });
  const measures: Record<string, number> = { nodes: Number(count) };
  for (const { measure, nodes } of reasons) measures[measure] = (measures[measure] ?? 0) + nodes;
  const asked = reasons.filter(({ mechanism }) => !(isSelectable && mechanism === 'node-selector-mismatch'));
  const [found] = (asked.length > 0 ? asked : reasons).toSorted((a, b) => b.stage - a.stage || b.nodes - a.nodes);
  return { mechanism: found?.mechanism ?? 'unschedulable', resource: found?.resource ?? '', measures };
}

function reasonsOf(text: string): { readonly nodes: number; readonly reason: string }[] {
  const [before = ''] = text.split(/\.?\s*preemption:/);
  return before.split(/, (?=\d+ )/).map((part) => {
    const [, nodes = '1', reason = part] = /^(\d+) (?:node\(s\) )?(.*)$/s.exec(part) ?? [];
    return { nodes: Number(nodes), reason };
  });
}

function predicateOf(reason: string) {
  for (const [stage, [pattern, name, mechanism]] of predicates.entries()) {
    const match = pattern.exec(reason);
    if (match === null) continue;
    const resource = name.endsWith('-') ? (match[1] ?? '').replace(/[.,]$/, '') : '';
    return { measure: `${name}${resource}`, mechanism, resource, stage };
  }
  return null;
}

export interface Refusal {
  readonly mechanism: FindingMechanism;
  /** The kind of the object that refuses. Empty: unknown, or the pod itself is at fault. */
  readonly kind: string;
  /** Its name. Empty: unknown, and for a kind `Namespace` that of the pod. */
  readonly name: string;
  /** The resource of a quota, or the label of a namespace: `requests.cpu`. Empty: none. */
  readonly key: string;
}

interface RefusalRule {
  readonly pattern: RegExp;
  readonly mechanism: FindingMechanism;
  readonly kind?: string;
  readonly key?: string;
}

const webhooks = 'ValidatingWebhookConfiguration';

/** Why the API server refused to create a pod: messages of its admission plugins. */
const refusals: readonly RefusalRule[] = [
  // plugin ResourceQuota
  {
    pattern: /exceeded quota: (?<name>[^,\s]+)(?:, requested: (?<key>[^=,\s]+))?/,
    mechanism: 'quota-exceeded',
    kind: 'ResourceQuota',
  },
  {
    pattern: /failed quota: (?<name>[^,:\s]+): must specify (?<key>[^\s,;]+)/,
    mechanism: 'quota-exceeded',
    kind: 'ResourceQuota',
  },
  // plugin LimitRanger
  {
    pattern: /(?:maximum|minimum) (?<key>\S+) usage per (?:Container|Pod) is|max limit to request ratio/,
    mechanism: 'limit-range-violated',
  },
  // apiserver, webhook dispatchers
  { pattern: /failed calling webhook "(?<name>[^"]+)"/, mechanism: 'admission-webhook-down', kind: webhooks },
  { pattern: /admission webhook "(?<name>[^"]+)" denied/, mechanism: 'admission-refused', kind: webhooks },
  // plugin PodSecurity: a label of the namespace sets the standard
  {
    pattern: /violates PodSecurity "/,
    mechanism: 'admission-refused',
    kind: 'Namespace',
    key: 'pod-security.kubernetes.io/enforce',
  },
  {
    pattern: /ValidatingAdmissionPolicy '(?<name>[^']+)'/,
    mechanism: 'admission-refused',
    kind: 'ValidatingAdmissionPolicy',
  },
  // plugin ServiceAccount
  {
    pattern: /serviceaccount "(?<name>[^"]+)" not found/,
    mechanism: 'service-account-missing',
    kind: 'ServiceAccount',
  },
  { pattern: /is forbidden|cannot (create|get|list|patch) resource/, mechanism: 'access-denied' },
];

export function readRefusal(message: string): Refusal {
  for (const { pattern, mechanism, kind = '', key = '' } of refusals) {
    const match = pattern.exec(message);
    if (match !== null)
      return { mechanism, kind, name: match.groups?.['name'] ?? '', key: match.groups?.['key'] ?? key };
  }
  return { mechanism: 'admission-refused', kind: '', name: '', key: '' };
}

/** The volume of the kubelet's `FailedMount`: `MountVolume.SetUp failed for volume "data" : ...`. Empty: it names none. */
export function volumeOfMessage(message: string): string {
  return (
    /volumes?(?: | named )"([^"]+)"/.exec(message)?.[1] ?? /unmounted volumes=\[([^\],\s]+)/.exec(message)?.[1] ?? ''
  );
}

/** Which probe the kubelet's `Unhealthy` speaks of. */
export function probeOfMessage(message: string): 'liveness' | 'readiness' | 'startup' | null {
  const probe = /^(Liveness|Readiness|Startup) probe/.exec(message)?.[1]?.toLowerCase();
  return probe === 'liveness' || probe === 'readiness' || probe === 'startup' ? probe : null;
}

export interface MissingTarget {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Empty: the whole object is missing. */
  readonly key: string;
}

/** The kubelet's `CreateContainerConfigError`, for clusters where Secrets may not be read. Null: it is about something else. */
export function missingOfMessage(message: string): MissingTarget | null {
  const whole = /^(secret|configmap) "([^"]+)" not found/i.exec(message);
  if (whole !== null) return { kind: kindOf(whole[1]), name: whole[2] ?? '', key: '' };
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) [^/\s]+\/(\S+)/.exec(message);
  return key === null ? null : { kind: kindOf(key[2]), name: key[3] ?? '', key: key[1] ?? '' };
}

function kindOf(name: string | undefined): MissingTarget['kind'] {
  return name?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}
