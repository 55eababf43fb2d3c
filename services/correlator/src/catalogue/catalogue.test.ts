import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityBinding, Ownership } from '@faultline/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { correlatorConfig } from '../config.ts';
import { readBackstage } from './backstage.ts';
import { Catalogue } from './catalogue.ts';
import { readClusters } from './cluster.ts';
import { readCodeowners } from './codeowners.ts';
import { describeOwners } from './describe.ts';
import { readCatalogueYaml } from './yaml-file.ts';

const silent: Ownership = { team: '', contact: '', runbookUrl: '', component: '', application: '', namedBy: '' };

function binding(service: string, ownership: Partial<Ownership>, namespace = 'shop', tenant = 't'): EntityBinding {
  return {
    scope: { tenant, environment: '' },
    cluster: 'east',
    object: { kind: 'Deployment', namespace, name: service },
    addresses: [],
    entities: { service, namespace },
    fromMs: 0,
    toMs: null,
    ownership: { ...silent, ...ownership },
  };
}

const byMatch = (entries: readonly { readonly match: object; readonly team: string }[]) =>
  entries.map(({ match, team }) => [match, team]);

describe('Backstage', () => {
  const file = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments-api
  annotations: { backstage.io/kubernetes-id: pay }
  links:
    - { url: https://r/pay, title: Payments fail, type: runbook }
    - { url: https://dash/pay, title: Runbook of old, type: dashboard }
spec: { type: service, lifecycle: production, owner: group:default/payments }
---
kind: Group
metadata: { name: payments }
spec: { type: team, children: [], profile: { email: pay@example.com } }
---
kind: Location
metadata: { name: others }
spec: { targets: [./x.yaml] }
`;

  it('names owners by both names of a component, and only links that are runbooks', () => {
    const { entries, teams } = readBackstage(file, 'catalog-info.yaml');
    expect(byMatch(entries)).toEqual([
      [{ service: 'payments-api' }, 'payments'],
      [{ service: 'pay' }, 'payments'],
    ]);
    expect(entries[0]?.runbooks).toEqual([{ title: 'Payments fail', url: 'https://r/pay', causeKind: '' }]);
    expect(teams).toEqual([
      { team: 'payments', contact: 'pay@example.com', source: 'catalog-info.yaml: Group payments' },
    ]);
  });

  it('refuses a file that is no YAML', () => {
    expect(() => readBackstage('kind: [', 'f')).toThrow();
  });
});

describe('CODEOWNERS', () => {
  const owners = (text: string, services = {}) =>
    readCodeowners(text, { paths: ['services/{service}'], services }, 'CODEOWNERS').entries.map(
      ({ match, team, contact, source }) => [match['service'], team, contact, source],
    );

  it.each([
    ['/services/pay/ @org/payments', [['pay', 'payments', '', 'CODEOWNERS:1']]],
    ['services/pay/** @ann @org/payments', [['pay', 'payments', '', 'CODEOWNERS:1']]],
    ['services/pay/ pay@example.com # the team', [['pay', 'pay@example.com', 'pay@example.com', 'CODEOWNERS:1']]],
    // The last match wins, as it does on GitHub; one without owners takes them away.
    ['services/pay/ @org/a\n/services/ @org/b', [['pay', 'b', '', 'CODEOWNERS:2']]],
    ['services/pay/ @org/a\nservices/pay/', []],
    // A pattern for one extension or for direct files of a parent does not own the service.
    ['services/pay/ @org/a\n*.md @org/docs\nservices/* @org/b', [['pay', 'a', '', 'CODEOWNERS:1']]],
    ['* @org/everyone', []],
  ])('%j', (text, expected) => {
    expect(owners(text)).toEqual(expected);
  });

  it('the owner of everything owns a service that the rules name', () => {
    expect(owners('* @org/everyone', { web: 'apps/frontend' })).toEqual([['web', 'everyone', '', 'CODEOWNERS:1']]);
  });
});

describe('clusters', () => {
  it('tell two services of one name apart by namespace, and only those', () => {
    const { entries } = readClusters([
      binding('api', { team: 'a' }, 'one'),
      binding('api', { team: 'b' }, 'two'),
      binding('pay', { team: 'c', namedBy: 'team' }),
      { ...binding('gone', { team: 'd' }), toMs: 5 },
    ]);
    expect(byMatch(entries)).toEqual([
      [{ service: 'api', namespace: 'one' }, 'a'],
      [{ service: 'pay' }, 'c'],
      [{ service: 'api', namespace: 'two' }, 'b'],
    ]);
    expect(entries[1]?.source).toBe('cluster east: Deployment shop/pay (team)');
  });
});

it('a file of its own format with an unknown key is refused', () => {
  expect(() => readCatalogueYaml('services: [{ name: pay, squad: x }]', 'f')).toThrow('squad');
});

describe('the catalogue', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'owners-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const create = () =>
    new Catalogue(
      correlatorConfig.parse({
        catalogue: [{ match: { service: 'pay' }, runbookTitle: 'Pay', runbookUrl: 'https://r/pay' }],
        catalogueFiles: [
          { type: 'yaml', path: join(folder, 'owners.yaml') },
          { type: 'codeowners', path: join(folder, 'CODEOWNERS') },
        ],
      }),
    );

  it('says for each value which source names it, by the printed precedence', () => {
    write('owners.yaml', 'teams: [{ name: payments, contact: "#pay" }]');
    write('CODEOWNERS', 'services/pay/ @org/payments\n');
    const catalogue = create();
    catalogue.take('k', binding('pay', { team: 'platform', namedBy: 'team' }));
    catalogue.take('other', binding('pay', { team: 'foreign' }, 'shop', 'another'));
    expect(catalogue.refresh()).toEqual([]);
    const text = describeOwners(catalogue.sourcedRules('t'), 'pay').replaceAll(`${folder}/`, '');
    expect(text).toBe(`pay
  team: payments (CODEOWNERS:1)
  contact: #pay (owners.yaml)
  runbook: Pay https://r/pay (the configuration)
  not used: team platform (cluster east: Deployment shop/pay (team))
`);
    expect(describeOwners(catalogue.sourcedRules('t'), 'web')).toContain('team: unowned');
  });

  it('a workload has the owner of the component and application that its labels name', () => {
    write('owners.yaml', 'services: [{ name: shop-app, team: shop }]');
    write('CODEOWNERS', '');
    const catalogue = create();
    catalogue.take('k', binding('cart', { application: 'shop-app' }));
    catalogue.refresh();
    expect(catalogue.rulesFor('t').find(({ match }) => match['service'] === 'cart')?.team).toBe('shop');
  });

  it('grows its version with a change only, and keeps the last good version of a file', () => {
    write('owners.yaml', 'services: [{ name: pay, team: a }]');
    write('CODEOWNERS', '');
    const catalogue = create();
    const teams = () => catalogue.rulesFor('t').flatMap(({ team }) => team || []);
    catalogue.refresh();
    const first = catalogue.version;
    catalogue.refresh();
    expect(catalogue.version).toBe(first);
    write('owners.yaml', 'services: [{ name: pay, team: b }]');
    catalogue.refresh();
    expect([catalogue.version, teams()]).toEqual([first + 1, ['b']]);
    write('owners.yaml', 'services: {');
    expect(catalogue.refresh()).toEqual([expect.stringContaining('owners.yaml')]);
    expect(teams()).toEqual(['b']);
    rmSync(join(folder, 'owners.yaml'));
    expect(catalogue.refresh()).toEqual([expect.stringContaining('no such file')]);
    expect([catalogue.version, teams()]).toEqual([first + 1, ['b']]);
  });
});
