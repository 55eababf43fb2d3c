/** What a hypothesis says about a fault that a cluster reports. */
import { describe, expect, it } from 'vitest';
import { rankHypotheses } from './rank.ts';
import { deploy, edge, incident, onsetMs, type Rows } from './testing/fixture.ts';
import { objectFault } from './testing/object-fault.ts';

const failing: Rows = { edges: edge({ from: 'web', to: 'api', errors: [0, 80] }) };
const secretChange = {
  ...deploy('api', onsetMs - 40_000),
  id: 'secret-change',
  kind: 'config' as const,
  entities: { namespace: 'shop' },
  summary: 'Secret shop/api-db changed: data.url',
};
const changedBy = {
  changeId: secretChange.id,
  object: { kind: 'Secret', namespace: 'shop', name: 'api-db' },
  actor: 'kustomize-controller',
  atMs: secretChange.startedAtMs,
};

describe('a fault of an object', () => {
  it('gives the cause its mechanism, object and field, and the change that made it', () => {
    const input = { ...incident('web', failing), changes: [secretChange], findings: [objectFault({ changedBy })] };
    const { verdict, hypotheses } = rankHypotheses(input);
    expect(verdict).toBe('identified');
    expect(hypotheses[0]).toMatchObject({
      cause: { service: 'api', kind: 'config' },
      changeId: secretChange.id,
      fault: { mechanism: 'secret-key-missing', object: { name: 'api' }, target: { name: 'api-db' }, targetKey: 'url' },
    });
    expect(hypotheses[0]?.evidence.map(({ summary }) => summary)).toContainEqual(
      expect.stringMatching(
        /^Deployment shop\/api: env DB_URL refers to key url of Secret api-db, which has no such key/,
      ),
    );
  });

  it('clears a change of the service that came after it', () => {
    const later = deploy('api', onsetMs - 30_000);
    const findings = [objectFault({ sinceMs: onsetMs - 120_000 })];
    const { hypotheses, changes } = rankHypotheses({ ...incident('web', failing), changes: [later], findings });
    expect(hypotheses[0]?.changeId).toBeNull();
    expect(changes[0]).toMatchObject({ verdict: 'innocent', reason: expect.stringContaining('before it was made') });
  });

  it('is enough without any telemetry where the alert is about it, and is there until the cluster says that it ended', () => {
    const asked = (endedAtMs: number | null) =>
      rankHypotheses({ ...incident('api', {}), findings: [objectFault({ endedAtMs })] });
    expect(asked(null)).toMatchObject({
      verdict: 'identified',
      disturbed: true,
      hypotheses: [{ fault: { id: 'f1' } }],
    });
  });

  it('elsewhere names no cause, and a hypothesis without one has no fault', () => {
    const elsewhere = objectFault({ entities: { service: 'mail', namespace: 'post' } });
    const { hypotheses } = rankHypotheses({ ...incident('web', failing), findings: [elsewhere] });
    expect(hypotheses[0]?.cause.service).toBe('api');
    expect(hypotheses[0]).not.toHaveProperty('fault');
  });
});
