import type { Change, ClusterChange, Release } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../testing/random.ts';
import { newChange } from '../testing/record.ts';
import { joinChanges } from './join.ts';

const commit = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0';
const digest = 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const minute = 60_000;
const noonMs = Date.UTC(2026, 2, 1, 12);

const release = (over: Partial<Release> = {}): Release => ({
  repository: '',
  commit: '',
  previousCommit: '',
  images: [],
  commits: [],
  omittedCommits: 0,
  ...over,
});
const cluster = (over: Partial<ClusterChange> = {}): ClusterChange => ({
  object: { kind: 'Deployment', namespace: 'shop', name: 'checkout' },
  revision: '7',
  manager: 'argocd-controller',
  commit: '',
  images: [{ container: 'app', from: 'r.example/checkout:1.4.1', to: 'r.example/checkout:1.4.2' }],
  paths: [],
  omittedPaths: 0,
  rollout: null,
  ...over,
});
const change = (id: string, over: Partial<Change>): Change =>
  newChange({ id, entities: { service: 'checkout' }, version: '', actor: '', startedAtMs: noonMs, ...over });
const in_ = (environment: string): Change['scope'] => ({ tenant: 'shop', environment });

/** One rollout as five tools report it. */
const github = change('github', {
  source: 'github',
  entities: { service: 'checkout' },
  actor: 'ana',
  version: commit,
  startedAtMs: noonMs,
  endedAtMs: noonMs + 8 * minute,
  scope: in_('production'),
  release: release({ repository: 'shop/checkout', commit }),
});
const argo = change('argo', {
  source: 'argo-cd',
  actor: 'argo-cd',
  version: '1.4.2',
  startedAtMs: noonMs + 4 * minute,
  scope: in_('production'),
  entities: { service: 'checkout', namespace: 'shop' },
  release: release({ repository: 'shop/deploy', commit: 'ffee001', images: ['r.example/checkout:1.4.2'] }),
});
const kubernetes = change('kubernetes', {
  source: 'kubernetes',
  actor: 'argocd-controller',
  startedAtMs: noonMs + 5 * minute,
  scope: in_(''),
  entities: { service: 'checkout', workload: 'checkout', namespace: 'shop', cluster: 'east' },
  cluster: cluster({ images: [{ container: 'app', from: '', to: `r.example/checkout:1.4.2@${digest}` }] }),
});
const cdEvent = change('cdevent', {
  source: 'cloudevents',
  actor: 'tekton',
  startedAtMs: noonMs + 7 * minute,
  scope: in_('production'),
  release: release({ commit, images: [`checkout@${digest}`] }),
});
const helm = change('helm', { source: 'json', actor: 'helm', version: 'v1.4.2', startedAtMs: noonMs + 6 * minute });
const all = [github, argo, kubernetes, cdEvent, helm];

const groupsOf = (...changes: readonly Change[]): string[] =>
  joinChanges(changes).map(({ id, reports }) => reports.map(({ changeId }) => changeId).join(' ') || id);

describe('the reports of one rollout', () => {
  it('are one change, with each tool, each actor and the earliest start', () => {
    const [joined, ...others] = joinChanges(all);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({
      id: 'kubernetes',
      startedAtMs: noonMs,
      endedAtMs: noonMs + 8 * minute,
      scope: { environment: 'production' },
      entities: { service: 'checkout', cluster: 'east', namespace: 'shop' },
    });
    expect(joined?.reports.map(({ source }) => source)).toEqual([
      'github',
      'argo-cd',
      'kubernetes',
      'json',
      'cloudevents',
    ]);
    for (const actor of ['ana', 'argo-cd', 'argocd-controller', 'tekton']) expect(joined?.actor).toContain(actor);
  });

  it('are joined by a short commit in the tag of an image', () => {
    const tagged = cluster({ images: [{ container: 'app', from: '', to: 'checkout:main-a1b2c3d' }] });
    expect(groupsOf(github, { ...kubernetes, cluster: tagged })).toEqual(['github kubernetes']);
  });

  it('are joined by the commit where only the repository names the service', () => {
    const renamed = {
      ...github,
      entities: { service: 'shop-backend' },
      release: release({ repository: 'x/shop-backend', commit }),
    };
    const rollout = (id: string, name: string) => ({
      ...kubernetes,
      id,
      entities: { service: name },
      cluster: cluster({ commit, object: { kind: 'Deployment', namespace: 'shop', name }, images: [] }),
    });
    expect(groupsOf(renamed, rollout('a', 'pay'))).toEqual(['github a']);
    // Of two rollouts of one repository, nothing says which one is meant.
    expect(groupsOf(renamed, rollout('a', 'pay'), rollout('b', 'cart'))).toEqual(['a', 'b', 'github']);
  });
});

/** As the example in docs/sources/argo-cd.md, beside what a watcher reports of the same rollout. */
describe('a sync of Argo CD into the cluster that it runs in', () => {
  const sync = (cluster: string) => ({
    ...argo,
    id: 'sync',
    version: '1.4.2',
    entities: { service: 'checkout', namespace: 'shop', cluster },
    release: release({
      repository: 'git.shop.example/deploy',
      commit,
      images: ['registry.shop.example/checkout:1.4.2'],
    }),
  });

  it.each(['in-cluster', 'https://kubernetes.default.svc', 'kubernetes.default.svc:443'])(
    'called %s is the rollout that the watcher reports',
    (name) => {
      const [joined, ...others] = joinChanges([sync(name), kubernetes]);
      expect(others).toEqual([]);
      expect(joined?.reports.map(({ source }) => source)).toEqual(['argo-cd', 'kubernetes']);
      expect(joined?.entities.cluster).toBe('east');
    },
  );

  it('alone names no cluster, and into another cluster is another rollout', () => {
    expect(joinChanges([sync('in-cluster')])[0]?.entities).toEqual({ service: 'checkout', namespace: 'shop' });
    expect(groupsOf(sync('west'), kubernetes)).toHaveLength(2);
  });
});

describe('what stays apart', () => {
  const twice: [string, Change, Change][] = [
    ['two environments', github, { ...helm, scope: in_('staging'), version: commit }],
    ['two clusters', { ...argo, entities: { service: 'checkout', cluster: 'west' } }, kubernetes],
    ['two versions', helm, { ...argo, version: '1.4.3', release: release({ images: ['checkout:1.4.3'] }) }],
    ['two services with one version', helm, { ...argo, entities: { service: 'cart' }, release: null }],
    [
      'two services of one deployment repository',
      argo,
      { ...argo, id: 'other', entities: { service: 'cart' }, version: '9' },
    ],
    [
      'two builds of one tag',
      cdEvent,
      {
        ...kubernetes,
        cluster: cluster({ images: [{ container: 'a', from: '', to: 'checkout:1@sha256:00' }] }),
        version: commit,
      },
    ],
    ['the same version an hour later', helm, { ...argo, startedAtMs: noonMs + 66 * minute }],
    ['a flag at the time of a rollout', helm, { ...argo, kind: 'flag' }],
    ['two rollouts of one object', kubernetes, { ...kubernetes, id: 'again', startedAtMs: noonMs + 6 * minute }],
    ['versions that are numbers', { ...helm, version: '1234567' }, { ...argo, version: '1234568', release: null }],
  ];
  it.each(twice)('%s', (_what, a, b) => {
    const b2 = { ...b, id: 'second' };
    expect(groupsOf(a, b2)).toHaveLength(2);
  });

  it('a version that is rolled out, replaced and rolled out again', () => {
    const at = (id: string, source: string, minutes: number, version: string) =>
      change(id, { source, version, startedAtMs: noonMs + minutes * minute });
    const changes = [
      at('a1', 'github', 0, '1'),
      at('b1', 'argo', 1, '1'),
      at('a2', 'github', 5, '2'),
      at('b2', 'argo', 6, '2'),
      at('b3', 'argo', 9.5, '1'),
      at('a3', 'github', 10, '1'),
    ];
    expect(groupsOf(...changes)).toEqual(['a1 b1', 'a2 b2', 'b3 a3']);
  });
});

describe('pushes', () => {
  const push = (id: string, head: string, before: string): Change =>
    change(id, {
      kind: 'other',
      source: 'github',
      actor: 'bo',
      startedAtMs: noonMs - 60 * minute,
      version: head,
      release: release({
        repository: 'github.com/shop/checkout',
        commit: head,
        previousCommit: before,
        commits: [{ id: head, author: 'bo', message: `work of ${id}`, url: '', files: [`src/${id}.ts`] }],
      }),
    });
  const older = push('older', 'bbbbbbb2', 'ccccccc3');
  const newer = push('newer', commit, 'bbbbbbb2');
  const since = { ...github, release: release({ repository: 'shop/checkout', commit, previousCommit: 'ccccccc3' }) };

  it('belong to the rollout that delivers them, and do not date it', () => {
    const [joined, ...others] = joinChanges([older, newer, since]);
    expect(others).toEqual([]);
    expect(joined?.startedAtMs).toBe(noonMs);
    expect(joined?.reports).toHaveLength(3);
    expect(joined?.release?.commits.map(({ message }) => message)).toEqual(['work of newer', 'work of older']);
  });

  it('before the last one are not new for sure where the earlier revision is not known', () => {
    expect(groupsOf(older, newer, github)).toEqual(['newer github', 'older']);
  });

  it('of another repository, or that nothing delivers, stay alone', () => {
    expect(groupsOf(push('newer', commit, ''), { ...github, release: release({ repository: 'x/y', commit }) })).toEqual(
      ['github', 'newer'],
    );
    expect(groupsOf(newer)).toEqual(['newer']);
  });

  it('lend their files to the commits that another tool listed', () => {
    const listed = [{ id: commit, author: 'bo', message: 'm', url: '', files: [] }];
    const withList = { ...github, release: release({ repository: 'shop/checkout', commit, commits: listed }) };
    expect(joinChanges([newer, withList])[0]?.release?.commits).toMatchObject([
      { message: 'm', files: ['src/newer.ts'] },
    ]);
  });
});

it('whatever the order, the same changes are joined', () => {
  const staging = all.map((one) => ({ ...one, id: `${one.id}-s`, scope: in_('staging') }));
  const changes = [
    ...all,
    ...staging.filter(({ source }) => source !== 'kubernetes'),
    { ...helm, id: 'x', version: '2' },
  ];
  const expected = joinChanges(changes);
  const random = createRandom(7);
  for (let round = 0; round < 300; round++) expect(joinChanges(shuffled(changes, random))).toEqual(expected);
});

it('five hundred changes of one version cost little', () => {
  const many = Array.from({ length: 500 }, (_, at) => ({
    ...helm,
    id: `id-${at}`,
    startedAtMs: noonMs + at * 3 * minute,
  }));
  expect(joinChanges(many)).toHaveLength(500);
});

function shuffled(changes: readonly Change[], random: () => number): Change[] {
  return changes
    .map((one) => [random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}
