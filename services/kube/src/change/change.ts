/**
 * Decides what to report of two versions of an object: a pure function from both to changes, and to what is remembered. A rollout is one
 * change: it begins when the template differs, and it is reported again each time its state differs, with the same id.
 */
import {
  type Change,
  type ChangedPath,
  type ChangeKind,
  type ClusterChange,
  contentId,
  type Entities,
  type ObjectReference,
  objectText,
  type Rollout,
} from '@faultline/model';
import { at, type JsonObject, list, text } from '../api/json.ts';
import type { ClusterModel, KnownObject } from '../cluster/model.ts';
import { concernedBy } from '../cluster/users.ts';
import { entitiesOfNode, entitiesOfWorkload, isWorkload } from '../cluster/workload.ts';
import type { ObservedObject } from '../decode/object.ts';
import { authorOf } from './actor.ts';
import { compareBodies, type Differences } from './compare.ts';
import { rolloutOf, templateOf } from './rollout.ts';
import { type ClusterIdentity, idOf, kubernetesSource, qualified } from './subject.ts';

export interface ChangeContext {
  readonly model: ClusterModel;
  readonly identity: ClusterIdentity;
  readonly nowMs: number;
}

export interface ChangeDecision {
  readonly changes: readonly Change[];
  readonly known: KnownObject;
}

/** Most workloads that one change of a shared object is reported for. */
const maxSubjects = 10;
const keptTemplates = 10;

/** An object that was seen for the first time before changes are reported. */
export function baseline(observed: ObservedObject): KnownObject {
  return {
    observed,
    changedAtMs: 0,
    actor: '',
    changeId: '',
    openChange: null,
    templates: templateHashes(observed, []),
  };
}

/** `before` is null for an object that was created. */
export function decideChange(
  context: ChangeContext,
  before: KnownObject | null,
  observed: ObservedObject,
): ChangeDecision {
  if (isNoisy(observed)) return { changes: [], known: baseline(observed) };
  if (before === null || before.observed.uid !== observed.uid) return created(context, before, observed);
  if (before.observed.body === observed.body) return followRollout(context, before, observed);
  const differences = compareBodies(before.observed.body, observed.body);
  const isRestart = differences.paths.length === 0 && !hasSameTemplate(before, observed);
  if (differences.paths.length === 0 && !isRestart) return followRollout(context, before, observed);
  return changed(context, before, observed, differences);
}

/** The changes that an object's end is; none for objects that tools make and drop. */
export function decideDeletion(context: ChangeContext, before: KnownObject): readonly Change[] {
  if (isNoisy(before.observed)) return [];
  const whole: Differences = { paths: [wholeObject(before.observed, null)], omittedPaths: 0 };
  const draft = { ...plainDraft(before.observed), differences: whole, verb: 'deleted', atMs: context.nowMs };
  const ended = before.openChange === null ? [] : [superseded(before.openChange, context.nowMs)];
  // Only an audit log says who deleted it. The last writer did something else.
  const unsigned = { ...before.observed, writer: { manager: '', atMs: null } };
  return [...ended, ...changesOf(context, unsigned, draft)];
}

function created(context: ChangeContext, before: KnownObject | null, observed: ObservedObject): ChangeDecision {
  const rollout = rolloutOf(observed, context.nowMs);
  const whole: Differences = { paths: [wholeObject(observed, observed.uid)], omittedPaths: 0 };
  const verb = before === null ? 'created' : 'replaced';
  const draft = { ...plainDraft(observed), images: imagesOf(null, observed), differences: whole, verb, rollout };
  const changes = changesOf(context, observed, { ...draft, atMs: observed.createdAtMs || context.nowMs });
  return { changes, known: remembered(observed, changes, templateHashes(observed, [])) };
}

/** The value is not shown: an object may be large, and its name says which. */
function wholeObject({ reference }: ObservedObject, uid: string | null): ChangedPath {
  const shown = JSON.stringify(objectText(reference));
  return uid === null ? { path: '', from: shown, to: null } : { path: '', from: null, to: shown };
}

function changed(
  context: ChangeContext,
  before: KnownObject,
  observed: ObservedObject,
  differences: Differences,
): ChangeDecision {
  const isRollout = templateOf(observed.body) !== null && !hasSameTemplate(before, observed);
  const rollout = isRollout ? rolloutOf(observed, context.nowMs) : null;
  const images = imagesOf(before.observed, observed);
  const kind = kindOf(before, observed, { differences, images, isRollout });
  const verb =
    isRollout && differences.paths.length === 0 ? 'restarted' : kind === 'rollback' ? 'rolled back' : 'changed';
  const atMs = observed.writer.atMs ?? context.nowMs;
  const made = changesOf(context, observed, { kind, images, differences, verb, rollout, atMs });
  const { openChange } = before;
  const ended = openChange !== null && isRollout ? [superseded(openChange, context.nowMs)] : [];
  const known = remembered(observed, made, templateHashes(observed, before.templates));
  // A change beside the template, such as a scale, leaves the rollout open.
  const followed = isRollout || openChange === null ? null : followOpen(context, openChange, observed);
  return {
    changes: [...ended, ...(followed?.changes ?? []), ...made],
    known: isRollout || openChange === null ? known : { ...known, openChange: followed?.openChange ?? null },
  };
}

/** Nothing but the status differs: the rollout may have got further. */
function followRollout(context: ChangeContext, before: KnownObject, observed: ObservedObject): ChangeDecision {
  const { changes, openChange } = followOpen(context, before.openChange, observed);
  return { changes, known: { ...before, observed, openChange } };
}

function followOpen(
  { nowMs }: ChangeContext,
  openChange: Change | null,
  observed: ObservedObject,
): { readonly changes: readonly Change[]; readonly openChange: Change | null } {
  const rollout = openChange === null ? null : rolloutOf(observed, nowMs);
  const known = openChange?.cluster ?? null;
  if (openChange === null || rollout === null || known === null) return { changes: [], openChange: null };
  if (known.rollout?.state === rollout.state) return { changes: [], openChange };
  const endedAtMs = rollout.state === 'complete' ? nowMs : null;
  const next: Change = { ...openChange, endedAtMs, cluster: { ...known, rollout } };
  return { changes: [next], openChange: endedAtMs === null ? next : null };
}

function superseded(open: Change, nowMs: number): Change {
  const { cluster } = open;
  const rollout = cluster?.rollout ?? null;
  if (cluster === null || cluster === undefined || rollout === null) return open;
  return {
    ...open,
    endedAtMs: nowMs,
    cluster: { ...cluster, rollout: { ...rollout, state: 'superseded', atMs: nowMs } },
  };
}

interface Draft {
  readonly kind: ChangeKind;
  readonly images: ClusterChange['images'];
  readonly differences: Differences;
  readonly verb: string;
  readonly rollout: Rollout | null;
  readonly atMs: number;
}

function plainDraft(observed: ObservedObject): Pick<Draft, 'kind' | 'images' | 'rollout'> {
  const kind = isWorkload(observed.reference)
    ? 'deploy'
    : observed.reference.kind === 'Node'
      ? 'infrastructure'
      : 'config';
  return { kind, images: [], rollout: null };
}

/** One change, or one for each workload that a shared object concerns. The object is the same; what suffers differs. */
function changesOf(context: ChangeContext, observed: ObservedObject, draft: Draft): readonly Change[] {
  const concerned = concernedBy(context.model, observed);
  const subjects = concerned.length > maxSubjects ? [] : concerned;
  if (subjects.length === 0) return [changeOf(context, observed, draft, null)];
  return subjects.map((subject) => changeOf(context, observed, draft, subject));
}

function changeOf(
  { model, identity, nowMs }: ChangeContext,
  observed: ObservedObject,
  draft: Draft,
  subject: ObjectReference | null,
): Change {
  const { reference, uid, resourceVersion } = observed;
  const author = authorOf(model, observed);
  const { images, differences, rollout } = draft;
  const cluster: ClusterChange = {
    object: reference,
    revision: revisionOf(observed),
    manager: author.manager,
    commit: author.commit,
    images,
    ...differences,
    rollout,
  };
  const own = subject === null || subject.name === reference.name ? '' : `${subject.kind}/${subject.name}`;
  const [image] = images;
  return {
    id: idOf(identity, 'change', uid, versionIdOf(observed, draft.verb, resourceVersion), own),
    scope: identity.scope,
    source: kubernetesSource,
    kind: draft.kind,
    entities: entitiesOf(model, identity.cluster, reference, subject),
    summary: summaryOf(reference, draft),
    actor: author.actor,
    startedAtMs: Math.min(draft.atMs, nowMs),
    endedAtMs: rollout === null ? Math.min(draft.atMs, nowMs) : rollout.state === 'complete' ? nowMs : null,
    version: image === undefined ? '' : tagOf(image.to),
    previousVersion: image === undefined ? '' : tagOf(image.from),
    url: '',
    receivedAtMs: nowMs,
    raw: '',
    cluster,
  };
}

/**
 * The same version that is read again, after a restart or from a server that lags, leads to the same id. Generations count what people
 * change; kinds without them have only the resource version.
 */
function versionIdOf({ generation, body }: ObservedObject, verb: string, resourceVersion: string): string {
  if (verb === 'deleted') return verb;
  return generation > 0 ? `${generation}/${contentId(JSON.stringify(body))}` : resourceVersion;
}

function entitiesOf(
  model: ClusterModel,
  cluster: string,
  reference: ObjectReference,
  subject: ObjectReference | null,
): Entities {
  if (reference.kind === 'Node') return entitiesOfNode(model, reference.name, cluster);
  if (subject !== null) return qualified(model, entitiesOfWorkload(model, subject, cluster));
  return { ...(reference.namespace !== '' && { namespace: reference.namespace }), cluster };
}

interface Shape {
  readonly differences: Differences;
  readonly images: ClusterChange['images'];
  readonly isRollout: boolean;
}

function kindOf(before: KnownObject, observed: ObservedObject, { differences, images, isRollout }: Shape): ChangeKind {
  if (!isWorkload(observed.reference)) return plainDraft(observed).kind;
  const [template] = templateHashes(observed, []);
  if (isRollout && template !== undefined && before.templates.slice(1).includes(template)) return 'rollback';
  if (images.length > 0 || isRollout) return images.length > 0 || differences.paths.length === 0 ? 'deploy' : 'config';
  return differences.paths.every(({ path }) => path === 'spec.replicas') ? 'scale' : 'config';
}

function imagesOf(before: ObservedObject | null, { body }: ObservedObject): ClusterChange['images'] {
  const earlier = before === null ? new Map<string, string>() : imagesByContainer(before.body);
  return [...imagesByContainer(body)].flatMap(([container, to]) => {
    const from = earlier.get(container) ?? '';
    return from === to ? [] : [{ container, from, to }];
  });
}

function imagesByContainer(body: JsonObject): ReadonlyMap<string, string> {
  const spec = at(templateOf(body) ?? at(body, 'spec', 'jobTemplate', 'spec', 'template'), 'spec');
  const containers = [...list(spec, 'containers'), ...list(spec, 'initContainers')];
  return new Map(containers.map((container) => [text(container, 'name'), text(container, 'image')]));
}

/** The tag of `registry:5000/shop/pay:1.2@sha256:...`; the digest where there is no tag. */
export function tagOf(image: string): string {
  const [name = '', digest = ''] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? '';
  return tag === '' ? digest.slice(0, 19) : tag;
}

function summaryOf(reference: ObjectReference, { verb, images, differences }: Draft): string {
  const what = `${objectText(reference)} ${verb}`;
  if (verb === 'created' || verb === 'deleted' || verb === 'replaced') return what;
  const shownImages = images.map(imageText);
  const others = differences.paths.filter(({ path }) => !path.endsWith('.image')).map(({ path }) => path);
  const shown = [...shownImages, ...others].slice(0, 3);
  const more = shownImages.length + others.length + differences.omittedPaths - shown.length;
  if (shown.length === 0) return what;
  return `${what}: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** `pay 1 to 2`. The whole image where the tags say nothing of the difference. */
function imageText({ container, from, to }: ClusterChange['images'][number]): string {
  const [before, after] = [tagOf(from), tagOf(to)];
  if (from === '') return `${container} added at ${after || to}`;
  const isTold = before !== '' && after !== '' && before !== after;
  return isTold ? `${container} ${before} to ${after}` : `${container} ${from} to ${to}`;
}

function revisionOf({ annotations, generation, status }: ObservedObject): string {
  const annotated = annotations['deployment.kubernetes.io/revision'] ?? text(status, 'updateRevision');
  return annotated !== '' ? annotated : generation > 0 ? String(generation) : '';
}

function remembered(observed: ObservedObject, changes: readonly Change[], templates: readonly string[]): KnownObject {
  const [first] = changes;
  if (first === undefined) return baseline(observed);
  const isOpen = first.cluster?.rollout !== null && first.endedAtMs === null;
  return {
    observed,
    changedAtMs: first.startedAtMs,
    actor: first.actor,
    changeId: first.id,
    openChange: isOpen ? first : null,
    templates,
  };
}

/** Newest first, each once in a row. */
function templateHashes({ body }: ObservedObject, earlier: readonly string[]): readonly string[] {
  const hash = templateHash(body);
  if (hash === null) return [];
  return earlier[0] === hash ? earlier : [hash, ...earlier].slice(0, keptTemplates);
}

/** A body never changes, and one change asks for its hash several times. */
const knownHashes = new WeakMap<JsonObject, string>();

/** Null: the object has no pod template. */
function templateHash(body: JsonObject): string | null {
  const template = templateOf(body);
  if (template === null) return null;
  const hash = knownHashes.get(body) ?? contentId(JSON.stringify(template));
  knownHashes.set(body, hash);
  return hash;
}

function hasSameTemplate({ templates }: KnownObject, { body }: ObservedObject): boolean {
  return templates[0] === (templateHash(body) ?? undefined);
}

const noisySecret = /^(helm\.sh\/release\.v1|kubernetes\.io\/service-account-token|bootstrap\.kubernetes\.io\/token)$/;
const noisyConfigMap =
  /^(kube-root-ca\.crt|openshift-service-ca\.crt|cluster-autoscaler-status|istio-ca-root-cert)$|-leader(-election)?$/;

/** Objects that tools write all the time, and objects that another one controls: their owner is what was changed. */
export function isNoisy({ reference, owner, body }: ObservedObject): boolean {
  if (isWorkload(reference) && owner !== null) return true;
  if (reference.kind === 'Secret') return noisySecret.test(text(body, 'type'));
  return reference.kind === 'ConfigMap' && noisyConfigMap.test(reference.name);
}
