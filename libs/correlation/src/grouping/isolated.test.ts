/** What is called isolated has no reason to be with any other alert. */
import { expect, it } from 'vitest';
import { createState } from '../state/load.ts';
import { newAlert, newEvidence } from '../testing/played.ts';
import { originMs, scope } from '../testing/player.ts';
import { GrowingGroup } from './group.ts';
import { separateIsolated } from './isolated.ts';
import { firmReason, knowledgeOf, traitReason } from './reason.ts';

const state = createState(scope);
state.topologies.set('', { edges: [['front', 'cart']] });
const known = knowledgeOf(state, originMs);
const evidence = newEvidence({});
const alertOf = (name: string, entities: Parameters<typeof newAlert>[0]) =>
  newAlert(entities, { key: `am/${name}`, name });

const alerts = [
  alertOf('lonely', { service: 'lonely' }),
  alertOf('known', { service: 'front' }),
  alertOf('pair1', { service: 'pair', namespace: 'a' }),
  alertOf('pair2', { service: 'pair', namespace: 'b' }),
  alertOf('node1', { service: 'n1', node: 'node' }),
  alertOf('node2', { service: 'n2', node: 'node' }),
  alertOf('zone', { zone: 'z' }),
  alertOf('in-zone', { service: 'q', zone: 'z' }),
  alertOf('cluster1', { service: 'k1', cluster: 'c' }),
  alertOf('cluster2', { service: 'k2', cluster: 'c' }),
  alertOf('Rule', { service: 'r1', namespace: 'x' }),
  alertOf('Rule', { service: 'r2', namespace: 'y' }),
  alertOf('app1', { service: 'checkout-api' }),
  alertOf('app2', { service: 'checkout-db' }),
];

it('by names, nodes, zones that an alert is about, applications, and the call graph', () => {
  const { shared, isolated } = separateIsolated(known, evidence, alerts);
  expect(isolated.map(({ name }) => name)).toEqual(['lonely', 'cluster1', 'cluster2', 'Rule', 'Rule']);
  expect(shared).toHaveLength(alerts.length - 5);
});

it('no isolated alert has a reason to be in the group of another', () => {
  const { isolated } = separateIsolated(known, evidence, alerts);
  for (const opening of alerts) {
    const group = new GrowingGroup({
      opening,
      evidence,
      span: { startedAtMs: opening.startsAtMs, lastStartMs: opening.startsAtMs },
      pin: null,
    });
    group.add(opening);
    for (const alert of isolated)
      if (alert !== opening) expect(firmReason(known, group, alert) ?? traitReason(known, group, alert)).toBeNull();
  }
});
