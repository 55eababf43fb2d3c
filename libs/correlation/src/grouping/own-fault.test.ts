import type { WorkloadFinding } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { takeFinding } from '../take-finding.ts';
import { ownFault, playedWithFaults } from '../testing/own-fault.ts';
import { incidentOf, newAlert, newEvidence, stepOf } from '../testing/played.ts';
import { originMs, type Player } from '../testing/player.ts';
import { newChange } from '../testing/record.ts';
import { areUnrelated, ownFaultsOf } from './own-fault.ts';
import { hasFaultApart, joinReason, knowledgeOf } from './reason.ts';
import { decideSeparation } from './regroup.ts';
import { viewIncident } from './view.ts';

const minuteMs = 60_000;
const stockAlert = (over = {}) =>
  newAlert({ service: 'stock', namespace: 'shop-stock' }, { startsAtMs: originMs, ...over });
const own = (...faults: readonly WorkloadFinding[]) => ownFaultsOf(playedWithFaults(faults).state, stockAlert());
const change = (atMs: number, namespace = 'shop-stock') => ({
  changeId: 'c',
  object: { kind: 'Deployment', namespace, name: 'stock' },
  actor: 'ana',
  atMs,
});

describe('a fault of the own workload', () => {
  it.each<[string, Partial<WorkloadFinding>, number]>([
    ['is a missing Secret', {}, 1],
    ['is no crash that nothing was changed before', { mechanism: 'container-exits', changedBy: null }, 0],
    [
      'is a crash right after a change',
      { mechanism: 'container-exits', changedBy: change(originMs - 2 * minuteMs) },
      1,
    ],
    [
      'is no crash long after a change',
      { mechanism: 'container-exits', changedBy: change(originMs - 60 * minuteMs) },
      0,
    ],
    [
      'is no crash after a change elsewhere',
      { mechanism: 'container-exits', changedBy: change(originMs - minuteMs, '') },
      0,
    ],
    [
      'is never an outage of the registry',
      { mechanism: 'image-registry-unreachable', changedBy: change(originMs - minuteMs) },
      0,
    ],
    ['is none that began later', { sinceMs: originMs + 10 * minuteMs }, 0],
    ['is none that was over', { endedAtMs: originMs - 10 * minuteMs }, 0],
    ['is none of another workload', { entities: { workload: 'cart', namespace: 'shop-stock' } }, 0],
  ])('%s', (_what, over, count) => {
    expect(own(ownFault('stock', over))).toHaveLength(count);
  });

  it('is found by the labels of exporters, too, and only in the cluster that the alert names', () => {
    const { state } = playedWithFaults([ownFault('stock')]);
    const labelled = { name: 'Problem', labels: { deployment: 'stock' } };
    const alertIn = (entities: Parameters<typeof newAlert>[0]) =>
      ownFaultsOf(state, newAlert({ namespace: 'shop-stock', ...entities }, labelled));
    expect(alertIn({})).toHaveLength(1);
    expect(alertIn({ cluster: 'east' })).toHaveLength(1);
    expect(alertIn({ cluster: 'west' })).toEqual([]);
  });

  it('is forgotten with its finding', () => {
    const player = playedWithFaults([ownFault('stock')], '0s config maxFindings=1');
    expect(ownFaultsOf(player.state, stockAlert())).toHaveLength(1);
    takeFinding(stepOf(player), ownFault('cart', { sinceMs: originMs }));
    expect(ownFaultsOf(player.state, stockAlert())).toEqual([]);
  });
});

describe('two faults are related', () => {
  const related = (left: Partial<WorkloadFinding>, right: Partial<WorkloadFinding>, player?: Player): boolean => {
    const { state } = player ?? playedWithFaults([]);
    const faultsOf = (name: string, over: Partial<WorkloadFinding>) => {
      state.findings.set(name, ownFault(name, over));
      state.findingsByKey = null;
      return ownFaultsOf(state, newAlert({ workload: name }));
    };
    return !areUnrelated(faultsOf('stock', left), faultsOf('cart', right));
  };
  const secret = { kind: 'Secret', namespace: 'platform', name: 'db' };
  const image = { mechanism: 'image-not-found', target: null } as const;

  it.each<[string, Partial<WorkloadFinding>, Partial<WorkloadFinding>, boolean]>([
    ['not by themselves', {}, {}, false],
    ['by what they refer to', { target: secret }, { target: secret }, true],
    ['by their image', { ...image, targetKey: 'app:2' }, { ...image, targetKey: 'app:2' }, true],
    ['not by keys of different Secrets', { targetKey: 'url' }, { targetKey: 'url' }, false],
    ['by their change', { changedBy: change(originMs) }, { changedBy: change(originMs) }, true],
    ['by their namespace', { object: { kind: 'Deployment', namespace: 'shop-cart', name: 'stock' } }, {}, true],
  ])('%s', (_what, left, right, isRelated) => {
    expect(related(left, right)).toBe(isRelated);
  });

  it('by the commit of their changes', () => {
    const player = playedWithFaults([]);
    for (const [id, commit] of [
      ['a', 'abc1234def'],
      ['b', 'abc1234def'],
      ['c', '0ff1ce0ff1'],
    ] as const)
      player.state.changes.set(id, newChange({ id, version: commit }));
    const by = (changeId: string, name: string) => ({
      changedBy: { ...change(originMs), changeId, object: { kind: 'Deployment', namespace: `shop-${name}`, name } },
    });
    expect(related(by('a', 'stock'), by('b', 'cart'), player)).toBe(true);
    expect(related(by('a', 'stock'), by('c', 'cart'), player)).toBe(false);
  });
});

describe('an alert with an own fault', () => {
  const faults = [ownFault('cart'), ownFault('stock')];
  const inCart = '0s alert cart CrashLoop';
  const evidence = (...more: string[]) =>
    `0.2s answer settled disturbed=cart,stock edges=${['cart->db', ...more].join(',')} cause=stock`;
  const judge = (player: Player, alert = stockAlert({ startsAtMs: player.atMs })) => {
    const known = knowledgeOf(player.state, player.atMs);
    const view = viewIncident(player.state, incidentOf(player));
    return { isApart: hasFaultApart(known, view, alert), reason: joinReason(known, view, alert) };
  };

  it('does not join for nearness in time, a rule or as the likely cause', () => {
    expect(judge(playedWithFaults(faults, inCart))).toEqual({ isApart: true, reason: null });
    expect(judge(playedWithFaults(faults, inCart, evidence()))).toEqual({ isApart: true, reason: null });
  });

  it('does where the other one has none: that may be its effect', () => {
    const player = playedWithFaults([ownFault('stock')], inCart, evidence());
    expect(judge(player).reason).toEqual({ kind: 'likely-cause', service: 'stock' });
  });

  it.each([
    ['a call', evidence('cart->stock')],
    ['a degraded service that both call', evidence('stock->db').replace('disturbed=', 'disturbed=db,')],
  ])('joins over %s', (_what, line) => {
    expect(judge(playedWithFaults(faults, inCart, line)).reason?.kind).toMatch(/likely-cause|degraded/);
  });

  it('does not join over a healthy service that both call', () => {
    expect(judge(playedWithFaults(faults, inCart, evidence('stock->db'))).reason).toBeNull();
  });

  it('joins where both run on one node, or a person pinned it', () => {
    const nodes = playedWithFaults(faults, `${inCart} node=n1`);
    const alert = stockAlert({ entities: { service: 'stock', namespace: 'shop-stock', node: 'n1' } });
    expect(judge(nodes, alert)).toEqual({ isApart: false, reason: { kind: 'same-node', node: 'n1' } });
    const player = playedWithFaults(faults, inCart, evidence(), '1s pin #1 stock config');
    expect(judge(player).reason).toEqual({ kind: 'likely-cause', service: 'stock' });
  });

  it('that was held before the faults were known leaves without any evidence', () => {
    const player = playedWithFaults([], inCart, '0s alert stock CrashLoop', '0s alert mail Slow');
    const incident = incidentOf(player);
    player.state.evidence.set(incident.id, newEvidence({}));
    expect(decideSeparation(player.state, incident, player.atMs)).toBeNull();
    for (const fault of faults) takeFinding(stepOf(player), fault);
    const separation = decideSeparation(player.state, incident, player.atMs);
    expect(separation?.isWhole).toBe(false);
    expect(separation?.left.map(({ fingerprint }) => fingerprint)).toEqual(['CrashLoop/stock']);
    expect(separation?.split.map(({ reason }) => reason.kind)).toEqual(['own-fault']);
  });
});
