/** The RBAC manifest and the table of docs/kubernetes.md, as text. `npm run generate` writes both. */
import { leaseRule, type PolicyRule, rulesFor } from './rbac.ts';
import { kindsFor, type Purpose, resourceKinds, resourceName } from './table.ts';

const account = '{ kind: ServiceAccount, name: faultline-kube }';

/** ClusterRole, Role and their bindings for the account `faultline-kube`, and the ClusterRole for changes alone. */
export function describeAccess(): string {
  return [
    '# Made by `npm run generate` from services/kube/src/resources/table.ts. Do not edit.',
    ...clusterRole('faultline-kube', rulesFor(resourceKinds)),
    '---',
    '# The smallest one, for changes alone. Bind it instead of the one above, and leave out the other kinds with `kube.leftOut`.',
    ...clusterRole('faultline-kube-changes', rulesFor(kindsFor(['changes']))),
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata: { name: faultline-kube }',
    'roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: faultline-kube }',
    'subjects:',
    `  - ${account}`,
    '---',
    '# The Lease that elects one of several processes: the only thing that Faultline writes.',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    'metadata: { name: faultline-kube }',
    'rules:',
    ...ruleLines(leaseRule),
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: RoleBinding',
    'metadata: { name: faultline-kube }',
    'roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: faultline-kube }',
    'subjects:',
    `  - ${account}`,
    '',
  ].join('\n');
}

function clusterRole(name: string, rules: readonly PolicyRule[]): string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    `metadata: { name: ${name} }`,
    'rules:',
    ...rules.flatMap(ruleLines),
  ];
}

function ruleLines({ apiGroups, resources, verbs }: PolicyRule): string[] {
  const names = (values: readonly string[]) => `[${values.map((value) => value || '""').join(', ')}]`;
  return [`  - apiGroups: ${names(apiGroups)}`, `    resources: ${names(resources)}`, `    verbs: ${names(verbs)}`];
}

const purposes: readonly Purpose[] = ['changes', 'state', 'names'];

/** One row for each kind, and how to read only those whose changes are reported. */
export function describeKinds(): string {
  const rows = resourceKinds.map((entry) => {
    const marks = purposes.map((purpose) => (entry.purposes.includes(purpose) ? 'yes' : ''));
    return `| \`${resourceName(entry)}\` | ${marks.join(' | ')} | ${entry.isOptional ? 'where it is installed' : ''} |`;
  });
  const table = ['| kind | changes | faults | names | |', '|---|---|---|---|---|', ...rows];
  return [...table, '', ...describeChangesAlone()].join('\n');
}

function describeChangesAlone(): readonly string[] {
  const read = kindsFor(['changes']);
  const leftOut = resourceKinds.filter((kind) => !read.includes(kind)).map(resourceName);
  return [
    'For changes alone, leave out the other kinds:',
    '```yaml',
    'kube:',
    `  leftOut: [${leftOut.join(', ')}]`,
    '```',
    'In your overlay, bind the smaller ClusterRole in place of the whole one. Kubernetes lets no binding change its role, so delete a binding',
    'that exists.',
    '```yaml',
    'patches:',
    '  - target: { kind: ClusterRoleBinding, name: faultline-kube }',
    '    patch: |',
    '      - { op: replace, path: /roleRef/name, value: faultline-kube-changes }',
    '```',
  ];
}
