import type { Change, ClusterChange } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { deploy, incident, onsetMs } from '../../testing/fixture.ts';
import { objectFault } from '../../testing/object-fault.ts';
import type { TimingInputs } from '../object-fault/timing.ts';
import { contrastFaults } from './faulted.ts';

const fault = objectFault();
const clusterChange = (over: Partial<ClusterChange> = {}): ClusterChange => ({
  object: fault.object,
  revision: '2',
  manager: 'kubectl-edit',
  commit: '',
  images: [],
  paths: [],
  omittedPaths: 0,
  rollout: null,
  ...over,
});
const path = (name: string) => ({ path: name, from: null, to: '"x"' });
const verdictOf = (change: Change, findings = [fault]) =>
  contrastFaults({ input: { ...incident('web', {}), findings }, onset }, change, 'api')?.verdict ?? 'unknown';
/** As telemetry shows it. */
const onset: TimingInputs['onset'] = { atMs: onsetMs, isSeen: true, beforeToMs: onsetMs, duringFromMs: onsetMs };
const before = deploy('api', onsetMs - 60_000);

describe('a change and the faults of a cluster', () => {
  it('is guilty when it touches the field at fault, above or below it', () => {
    const touching = (name: string) => verdictOf({ ...before, cluster: clusterChange({ paths: [path(name)] }) });
    expect(touching('spec.template.spec.containers[api].env[DB_URL].valueFrom.secretKeyRef.key')).toBe('guilty');
    expect(touching('spec.template.spec.containers[api].env')).toBe('guilty');
    expect(touching('spec.template.spec.containers[api].env[OTHER].value')).toBe('unknown');
    expect(touching('spec.replicas')).toBe('unknown');
  });

  it('is neither guilty nor innocent by a fault that was over long before', () => {
    const change = { ...before, startedAtMs: onsetMs - 900_000, cluster: clusterChange({ paths: [path('spec')] }) };
    const over = (endedAtMs: number | null) => objectFault({ sinceMs: onsetMs - 890_000, endedAtMs });
    expect(verdictOf(change, [over(null)])).toBe('guilty');
    expect(verdictOf(change, [over(onsetMs - 600_000)])).toBe('unknown');
  });

  it('is guilty when it changed what the field refers to', () => {
    const object = { kind: 'Secret', namespace: 'shop', name: 'api-db' };
    expect(verdictOf({ ...before, cluster: clusterChange({ object }) })).toBe('guilty');
  });

  it.each(['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Service'])(
    'is innocent of pods that fail when it is of a %s, and not of traffic that gets nowhere',
    (kind) => {
      const change = { ...before, cluster: clusterChange({ object: { kind, namespace: 'shop', name: 'api' } }) };
      expect(verdictOf(change)).toBe('innocent');
      expect(verdictOf(change, [objectFault({ mechanism: 'network-policy-denies' })])).toBe('unknown');
    },
  );

  it('is not cleared by failing pods when it is of something that they may need', () => {
    const object = { kind: 'NetworkPolicy', namespace: 'shop', name: 'api' };
    expect(verdictOf({ ...before, cluster: clusterChange({ object }) })).toBe('unknown');
  });

  it('is guilty when the cluster names it, unless it touched something else', () => {
    const changedBy = { changeId: before.id, object: fault.object, actor: 'ana', atMs: before.startedAtMs };
    const named = [objectFault({ changedBy })];
    expect(verdictOf(before, named)).toBe('guilty');
    const scale = { ...before, cluster: clusterChange({ paths: [path('spec.replicas')] }) };
    expect(verdictOf(scale, named)).toBe('unknown');
  });

  it('is guilty of an effect that the cluster ties to it, whatever it touched', () => {
    const changedBy = { changeId: before.id, object: fault.object, actor: 'ana', atMs: before.startedAtMs };
    const stuck = [objectFault({ mechanism: 'rollout-stuck', field: 'spec.progressDeadlineSeconds', changedBy })];
    expect(verdictOf({ ...before, cluster: clusterChange({ paths: [path('spec.replicas')] }) }, stuck)).toBe('guilty');
  });

  it('matches any container where the field names none', () => {
    const faults = [objectFault({ field: 'spec.template.spec.containers[*].resources.requests.cpu', target: null })];
    const paths = [path('spec.template.spec.containers[api].resources.requests.cpu')];
    expect(verdictOf({ ...before, cluster: clusterChange({ paths }) }, faults)).toBe('guilty');
  });

  it('is cleared by a fault of its service that was there before', () => {
    expect(verdictOf(deploy('api', fault.sinceMs + 120_000))).toBe('innocent');
    expect(verdictOf(deploy('api', fault.sinceMs + 30_000))).toBe('unknown');
    const effect = [objectFault({ mechanism: 'rollout-stuck' })];
    expect(verdictOf(deploy('api', fault.sinceMs + 120_000), effect)).toBe('unknown');
    const over = [objectFault({ endedAtMs: fault.sinceMs + 60_000 })];
    expect(verdictOf(deploy('api', fault.sinceMs + 120_000), over)).toBe('unknown');
  });
});
