import type { ObjectFault } from '@faultline/model';
import { anIncident } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import { incidentJson } from './json.ts';

const object = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
const fault: ObjectFault = {
  id: 'f1',
  mechanism: 'container-exits',
  object,
  field: 'spec.template.spec.containers[pay]',
  target: null,
  targetKey: '',
  sinceMs: 0,
  endedAtMs: null,
  affected: 2,
  total: 3,
  measures: { exitCode: 1 },
  changedBy: { changeId: 'c', object, actor: 'ana', atMs: 0 },
};
const shared = anIncident();

it('a fault has its facts, its times in RFC 3339, and a sentence', () => {
  const hypotheses = shared.hypotheses.map((one) => ({ ...one, fault }));
  expect(incidentJson({ ...shared, hypotheses }).hypotheses[0]?.fault).toEqual({
    id: 'f1',
    mechanism: 'container-exits',
    object,
    field: fault.field,
    target: null,
    targetKey: '',
    since: '1970-01-01T00:00:00Z',
    endedAt: null,
    affected: 2,
    total: 3,
    measures: { exitCode: 1 },
    changedBy: { changeId: 'c', object, actor: 'ana', at: '1970-01-01T00:00:00Z' },
    text: 'Deployment shop/pay: container pay exits with code 1 (2 of 3), since 00:00 UTC, when ana changed it',
  });
});

it('a hypothesis without one has null', () => {
  expect(incidentJson(shared).hypotheses[0]?.fault).toBeNull();
});
