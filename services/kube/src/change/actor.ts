/** Who changed an object: the person where one is named, otherwise the tool, and the commit that the tool applied. Pure. */
import { text } from '../api/json.ts';
import type { ClusterModel } from '../cluster/model.ts';
import type { ObservedObject } from '../decode/object.ts';

export interface Author {
  /** For people: `kustomize-controller (Kustomization flux-system/apps)`. Empty: unknown. */
  readonly actor: string;
  readonly manager: string;
  readonly commit: string;
}

/**
 * The field manager that wrote last, and the delivery tool that the object's own labels and annotations name. A person who edits by hand an
 * object that Argo CD or Flux delivers is named by their own field manager, so the tool counts only when it wrote.
 */
export function authorOf(model: ClusterModel, { labels, annotations, writer }: ObservedObject): Author {
  const { manager } = writer;
  const delivery = deliveryOf(labels, annotations);
  if (delivery === null || !delivery.managers.test(manager)) return { actor: manager, manager, commit: '' };
  const { source } = delivery;
  return {
    actor: `${manager || delivery.tool} (${source.kind} ${[source.namespace, source.name].filter(Boolean).join('/')})`,
    manager,
    commit: commitOf(model, source),
  };
}

export interface Delivery {
  readonly tool: string;
  /** Names of field managers by which the tool writes. */
  readonly managers: RegExp;
  readonly source: { readonly kind: string; readonly namespace: string; readonly name: string };
}

type Texts = Readonly<Record<string, string>>;

/** The tool that delivers an object, by its labels and annotations; null: none does. */
export function deliveryOf(labels: Texts, annotations: Texts): Delivery | null {
  return fluxDelivery(labels) ?? argoDelivery(labels, annotations) ?? helmDelivery(annotations);
}

function fluxDelivery(labels: Texts): Delivery | null {
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined)
    return {
      tool: 'kustomize-controller',
      managers: /kustomize-controller/,
      source: {
        kind: 'Kustomization',
        namespace: labels['kustomize.toolkit.fluxcd.io/namespace'] ?? '',
        name: kustomization,
      },
    };
  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (release === undefined) return null;
  return {
    tool: 'helm-controller',
    managers: /helm/,
    source: { kind: 'HelmRelease', namespace: labels['helm.toolkit.fluxcd.io/namespace'] ?? '', name: release },
  };
}

/** `argocd.argoproj.io/tracking-id` begins with the application: `shop:apps/Deployment:shop/pay`. */
function argoDelivery(labels: Texts, annotations: Texts): Delivery | null {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const name = tracked ?? labels['argocd.argoproj.io/instance'];
  if (name === undefined) return null;
  const [namespace, own] = name.includes('_') ? name.split('_', 2) : ['', name];
  return {
    tool: 'argocd-controller',
    managers: /argocd/,
    source: { kind: 'Application', namespace: namespace ?? '', name: own ?? name },
  };
}

function helmDelivery(annotations: Texts): Delivery | null {
  const name = annotations['meta.helm.sh/release-name'];
  if (name === undefined) return null;
  const namespace = annotations['meta.helm.sh/release-namespace'] ?? '';
  return { tool: 'helm', managers: /^helm$/i, source: { kind: 'release', namespace, name } };
}

const revisionFields: Readonly<Record<string, { readonly resource: string; readonly path: readonly string[] }>> = {
  Kustomization: { resource: 'kustomizations.kustomize.toolkit.fluxcd.io', path: ['lastAttemptedRevision'] },
  HelmRelease: { resource: 'helmreleases.helm.toolkit.fluxcd.io', path: ['lastAttemptedRevision'] },
  Application: { resource: 'applications.argoproj.io', path: ['sync', 'revision'] },
};

/** Flux writes `main@sha1:0a1b2c`, Argo CD the commit alone. */
function commitOf(model: ClusterModel, { kind, namespace, name }: Delivery['source']): string {
  const field = revisionFields[kind];
  if (field === undefined) return '';
  const spaces = namespace === '' ? undefined : namespace;
  for (const { observed } of model.all(field.resource, spaces))
    if (observed.reference.name === name) return text(observed.status, ...field.path).replace(/^.*@sha\d+:/, '');
  return '';
}
