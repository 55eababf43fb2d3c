import { unowned } from '@faultline/model';
import { expect, it } from 'vitest';
import type { CatalogueRule } from '../state/config.ts';
import { newAlert } from '../testing/played.ts';
import { findOwners, findRunbooks } from './owner.ts';

const rule = (over: Partial<CatalogueRule>): CatalogueRule => ({
  match: {},
  team: '',
  contact: '',
  runbookTitle: '',
  runbookUrl: '',
  ...over,
});
const cart = newAlert({ service: 'cart' }, { name: 'Slow', labels: { owner: 'shop' } });
const input = {
  services: ['db', 'cart'],
  cause: 'db',
  causeKind: '' as const,
  qualified: [],
  members: [cart],
  catalogue: [],
};
const teams = (over: Partial<Parameters<typeof findOwners>[0]>) =>
  findOwners({ ...input, ...over }).map(({ team }) => team);

it('the catalogue is stronger than a label of the alert', () => {
  expect(teams({ catalogue: [rule({ match: { service: 'cart' }, team: 'basket' })] })).toEqual([unowned, 'basket']);
});

it('a rule may fit a service by the labels of one of its alerts', () => {
  expect(teams({ catalogue: [rule({ match: { owner: 'shop' }, team: 'basket' })] })).toEqual([unowned, 'basket']);
});

it('a rule without a team is passed over for the next that fits', () => {
  const catalogue = [rule({ runbookUrl: 'https://r' }), rule({ match: { service: 'db' }, team: 'data' })];
  expect(teams({ catalogue })).toEqual(['data', 'shop']);
});

it('a team is named once, for its most important service', () => {
  expect(findOwners({ ...input, catalogue: [rule({ team: 'all' })] })).toEqual([
    { team: 'all', contact: '', why: 'owns db, the likely cause' },
  ]);
});

it('only the first service is said to be unowned', () => {
  expect(teams({ services: ['db', 'web', 'mail'], members: [] })).toEqual([unowned]);
});

it('without any service there is nobody to name', () => expect(teams({ services: [], members: [] })).toEqual([]));

it('at most five owners are named', () => {
  const services = ['a', 'b', 'c', 'd', 'e', 'f'];
  const catalogue = services.map((service) => rule({ match: { service }, team: `team ${service}` }));
  expect(teams({ services, catalogue })).toEqual(services.slice(0, 5).map((service) => `team ${service}`));
});

it('runbooks of the catalogue come before those of alerts, each address once', () => {
  const alert = newAlert(
    { service: 'cart' },
    { name: 'Slow', annotations: { runbook_url: 'https://r/cart', runbook: 'https://r/slow' } },
  );
  const catalogue = [rule({ match: { service: 'cart' }, runbookTitle: 'Cart', runbookUrl: 'https://r/cart' })];
  expect(findRunbooks({ ...input, members: [alert], catalogue })).toEqual([
    { title: 'Cart', url: 'https://r/cart' },
    { title: 'Runbook of Slow', url: 'https://r/slow' },
  ]);
});

it('an alert of a service that is not in the incident brings no runbook', () => {
  const alert = newAlert({ service: 'web' }, { annotations: { runbook: 'https://r' } });
  expect(findRunbooks({ ...input, members: [alert] })).toEqual([]);
});

it('a service that evidence names with its environment has the owner and the runbook of its plain name', () => {
  const catalogue = [rule({ match: { service: 'cart' }, team: 'basket', runbookUrl: 'https://r' })];
  const named = { ...input, services: ['staging/cart'], cause: 'staging/cart', catalogue };
  expect(findOwners({ ...named, qualified: ['cart'] })).toEqual([
    { team: 'basket', contact: '', why: 'owns staging/cart, the likely cause' },
  ]);
  expect(findRunbooks({ ...named, qualified: ['cart'] }).map(({ url }) => url)).toEqual(['https://r']);
  expect(findOwners({ ...named, qualified: ['db'] }).map(({ team }) => team)).toEqual([unowned]);
});

it('a runbook for the kind of fault comes first, and only where the service is the cause', () => {
  const catalogue = [
    rule({ match: { service: 'db' }, runbookUrl: 'https://r/db' }),
    rule({ match: { service: 'db' }, runbookUrl: 'https://r/db-disk', causeKind: 'disk' }),
    rule({ match: { service: 'cart' }, runbookUrl: 'https://r/cart-disk', causeKind: 'disk' }),
  ];
  const urls = (causeKind: 'disk' | 'cpu') => findRunbooks({ ...input, catalogue, causeKind }).map(({ url }) => url);
  expect(urls('disk')).toEqual(['https://r/db-disk', 'https://r/db']);
  expect(urls('cpu')).toEqual(['https://r/db']);
});

it('a rule without a service and one with it keep the order of the catalogue', () => {
  const all = rule({ match: {}, team: 'all' });
  const own = rule({ match: { service: 'db' }, team: 'data' });
  const first = (catalogue: readonly CatalogueRule[]) => teams({ services: ['db'], catalogue })[0];
  expect(first([all, own])).toBe('all');
  expect(first([rule({ match: { service: 'web' }, team: 'web' }), own, all])).toBe('data');
});
