import type { PresenceRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows, findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { presence } from '../testing/fixture.ts';
import { failureDomain } from './failure-domain.ts';

const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const placed = (nodeOf: (i: number) => string, isSilent: (i: number) => boolean): PresenceRow[] =>
  services.map((service, i) => ({ ...presence(service, isSilent(i) ? 610_000 : 779_000), node: nodeOf(i) }));
const oneNodeDown = placed(
  (i) => (i < 3 ? 'node-1' : 'node-2'),
  (i) => i < 3,
);

describe('failure domain', () => {
  it('names the node whose instances all fell silent, while others go on', () => {
    expect(suspectsOf(failureDomain, { presence: oneNodeDown })).toEqual(['node-1 node']);
    expect(findingsOf(failureDomain, { presence: oneNodeDown })[0]?.entity).toBe('node:node-1');
  });

  it('does not take two unhealthy services on two nodes for a failure domain', () => {
    const rows = placed(
      (i) => (i % 2 === 0 ? 'node-1' : 'node-2'),
      (i) => i < 2,
    );
    expect(suspectsOf(failureDomain, { presence: rows })).toEqual([]);
  });

  it('does not take the replicas of one service for a failure domain', () => {
    const replicas = ['1', '2', '3'].map((n) => ({ ...presence('a', 610_000), instance: `a-${n}`, node: 'node-1' }));
    const rest = services.slice(1).map((service) => ({ ...presence(service, 779_000), node: 'node-2' }));
    expect(suspectsOf(failureDomain, { presence: [...replicas, ...rest] })).toEqual([]);
  });

  it('does not name a zone of one node twice', () => {
    const rows = oneNodeDown.map((row) => ({ ...row, zone: row.node === 'node-1' ? 'zone-1' : 'zone-2' }));
    expect(suspectsOf(failureDomain, { presence: rows })).toEqual(['node-1 node']);
  });

  it('explains the services that suffer there', () => {
    expect(failureDomain.explains?.(compareRows({ presence: oneNodeDown }), 'node-1')).toContain('a');
    expect(failureDomain.explains?.(compareRows({ presence: oneNodeDown }), 'node-1')).not.toContain('h');
  });

  it('is refuted by instances elsewhere that suffer as well', () => {
    const at = (service: string, node: string, lastSpanMs: number): PresenceRow => ({
      ...presence(service, lastSpanMs),
      instance: `${service}-${node}`,
      node,
    });
    const here = [at('api', 'n1', 610_000), at('db', 'n1', 610_000), at('web', 'n2', 779_000)];
    const outcome = (...more: PresenceRow[]) =>
      refutationOf(failureDomain, { presence: [...here, ...more] }, { lead: { service: 'n1' } });
    expect(outcome()).toBe('not-run: they run nowhere else');
    expect(outcome(at('api', 'n2', 779_000))).toBe('survived: 0 of 1');
    expect(outcome(at('api', 'n2', 610_000))).toBe('refuted: 1 of 1');
  });
});
