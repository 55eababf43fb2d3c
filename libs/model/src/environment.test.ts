import { describe, expect, it } from 'vitest';
import {
  createEnvironmentRules,
  environmentOf,
  explainEnvironment,
  foldEnvironment,
  isWellKnownEnvironment,
  withCluster,
} from './environment.ts';

/** A name as people write it, the environment it means, and the cluster that a compound name says. */
const foldings: readonly (readonly [name: string, environment: string, cluster?: string])[] = [
  ['production', 'production'],
  ['Production', 'production'],
  [' PROD ', 'production'],
  ['prd', 'production'],
  ['live', 'production'],
  ['stg', 'staging'],
  ['stage', 'staging'],
  ['Staging', 'staging'],
  ['dev', 'development'],
  ['develop', 'development'],
  ['Testing', 'test'],
  ['qa', 'qa'],
  ['UAT', 'uat'],
  ['sandbox', 'sandbox'],
  ['production-eu-1', 'production', 'eu-1'],
  ['eu1-prod', 'production', 'eu1'],
  ['prod_us_east', 'production', 'us-east'],
  ['prod-us-east-1', 'production', 'us-east-1'],
  ['live.fra1', 'production', 'fra1'],
  ['eu-west-1/prod', 'production', 'eu-west-1'],
  ['prod-cluster-3', 'production', 'cluster-3'],
  ['prod-2', 'production', '2'],
  ['prod2', 'production', '2'],
  ['stg-eu-1', 'staging', 'eu-1'],
  ['use1-staging', 'staging', 'use1'],
  ['production-blue', 'production', 'blue'],
  ['europe-west4-dev', 'development', 'europe-west4'],
  // What is no place makes an environment of its own.
  ['staging-2', 'staging-2'],
  ['dev-john', 'dev-john'],
  ['staging-payments', 'staging-payments'],
  ['my-production-db', 'my-production-db'],
  ['review-4711', 'review-4711'],
  ['blue', 'blue'],
  ['Team A/Prod X', 'team-a-prod-x'],
  // The opposite of production, or not quite.
  ['pre-prod', 'preproduction'],
  ['preprod', 'preproduction'],
  ['pre-production-eu-1', 'preproduction', 'eu-1'],
  ['non-prod', 'nonproduction'],
  ['nonprod-us-east', 'nonproduction', 'us-east'],
  ['test-prod', 'test-prod'],
  // Names that say nothing.
  ['', ''],
  ['default', ''],
  ['unknown', ''],
  ['[no value]', ''],
];

describe('folds names of environments', () => {
  it.each(foldings.map(([name, ...folded]) => ({ name, folded })))(
    '$name',
    ({ name, folded: [environment, cluster = ''] }) => {
      expect(foldEnvironment(name)).toEqual({ environment, cluster });
    },
  );

  it('a folded name stays as it is', () => {
    for (const [, environment] of foldings) expect(foldEnvironment(environment).environment).toBe(environment);
  });

  it('a name fits in a topic key', () => {
    for (const [name] of foldings) expect(foldEnvironment(name).environment).not.toMatch(/[/A-Z\s]/);
  });

  it('settings add and remove names', () => {
    const rules = createEnvironmentRules({ names: { Blue: 'Production', 'staging-2': 'staging' }, removed: ['live'] });
    expect(foldEnvironment('blue', rules).environment).toBe('production');
    expect(foldEnvironment('staging-2', rules).environment).toBe('staging');
    expect(foldEnvironment('live', rules).environment).toBe('live');
    expect(foldEnvironment('prd', rules).environment).toBe('production');
  });
});

describe('says which label names the environment', () => {
  it('the best label that is no placeholder', () => {
    const labels = { env: 'Prod', environment: 'unknown' };
    expect(explainEnvironment(labels)).toEqual({
      environment: 'production',
      cluster: '',
      namedBy: 'env',
      value: 'Prod',
    });
    expect(environmentOf({ 'deployment.environment.name': 'stg', env: 'x' })).toBe('staging');
    expect(environmentOf({})).toBe('');
  });

  it('a label of a setting comes first', () => {
    const rules = createEnvironmentRules({ labels: ['tier'] });
    expect(environmentOf({ env: 'dev', tier: 'live' }, rules)).toBe('production');
  });

  it('a declared cluster, namespace or service says it where no label does', () => {
    const rules = createEnvironmentRules({
      declared: { cluster: { 'eu-1': 'prod' }, namespace: { shop: 'staging' }, service: { cart: 'dev' } },
    });
    const entities = { cluster: 'eu-1', namespace: 'shop', service: 'cart' };
    expect(explainEnvironment({}, entities, rules)).toEqual({
      environment: 'production',
      cluster: '',
      namedBy: 'cluster:eu-1',
      value: 'prod',
    });
    expect(explainEnvironment({}, { namespace: 'shop', service: 'cart' }, rules).namedBy).toBe('namespace:shop');
    expect(explainEnvironment({}, { service: 'cart' }, rules).environment).toBe('development');
    expect(explainEnvironment({ env: 'qa' }, entities, rules).environment).toBe('qa');
    expect(explainEnvironment({}, { cluster: 'constructor' }, rules).environment).toBe('');
  });
});

it('the cluster of a compound name counts where no label names one', () => {
  expect(withCluster({ service: 'cart' }, { cluster: 'eu-1' })).toEqual({ service: 'cart', cluster: 'eu-1' });
  expect(withCluster({ cluster: 'a' }, { cluster: 'eu-1' })).toEqual({ cluster: 'a' });
  expect(withCluster({}, { cluster: '' })).toEqual({});
});

it('knows the words that everybody uses', () => {
  expect(['production', 'staging', 'qa'].every(isWellKnownEnvironment)).toBe(true);
  expect(['prod', 'blue', '', 'constructor'].some(isWellKnownEnvironment)).toBe(false);
});

it('looks at a bounded part of a name, whatever a stranger sends', () => {
  const { environment } = foldEnvironment('a-'.repeat(1_000_000));
  expect(environment).toBe('a-'.repeat(75));
  // Thirteen parts are no compound name.
  expect(foldEnvironment(`production-${'eu-'.repeat(11)}1`).environment).toBe(`production-${'eu-'.repeat(11)}1`);
});
