import { maxCommitFiles, maxReleaseCommits } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { releaseOfItem, revisionOf } from './mapped-release.ts';

const commit = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0';

describe('releaseOfItem', () => {
  it('reads fields, and else the labels of that name', () => {
    const release = { previousCommit: '', images: [], commits: [], omittedCommits: 0 };
    expect(releaseOfItem({ repository: 'https://Git.example/Shop/Cart.git', commit }, {})).toEqual({
      ...release,
      repository: 'git.example/shop/cart',
      commit,
    });
    expect(releaseOfItem({}, { repository: 'git@git.example:shop/cart.git', commit, image: 'cart:1.4' })).toEqual({
      ...release,
      repository: 'git.example/shop/cart',
      commit,
      images: ['cart:1.4'],
    });
  });

  it('is null where nothing says what is delivered', () => {
    expect(releaseOfItem({}, {})).toBeNull();
    expect(releaseOfItem({ commit: 'main', repository: 'shop/cart' }, {})).toBeNull();
  });

  it('reads commits with author, first line and files; one commit is a list, too', () => {
    const one = {
      id: commit,
      author: 'ana',
      message: 'Round up\n\nlong',
      url: 'https://g/1',
      files: [['a.ts'], 'b.ts', 'a.ts'],
    };
    expect(releaseOfItem({ commits: one }, {})?.commits).toEqual([
      { id: commit, author: 'ana', message: 'Round up', url: 'https://g/1', files: ['a.ts', 'b.ts'] },
    ]);
  });

  it('bounds lists and counts what it leaves out', () => {
    const files = Array.from({ length: 100 }, (_, at) => `f${at}`);
    const commits = Array.from({ length: 60 }, (_, at) => ({ id: `abcdef${100 + at}`, files }));
    const release = releaseOfItem({ commits }, {});
    expect(release?.commits).toHaveLength(maxReleaseCommits);
    expect(release?.omittedCommits).toBe(60 - maxReleaseCommits);
    expect(release?.commits[0]?.files).toHaveLength(maxCommitFiles);
  });

  it('leaves out commits of another form', () => {
    expect(releaseOfItem({ commit, commits: ['x', null, { id: 'HEAD' }, { id: 7 }] }, {})?.commits).toEqual([]);
  });
});

it.each([
  [commit, commit],
  ['A1B2C3D', 'a1b2c3d'],
  [`main@sha1:${commit}`, commit],
  ['main', ''],
  ['v1.4.2', ''],
  ['0000000000000000000000000000000000000000', ''],
  ['a1b2', ''],
])('the revision of %s is %s', (text, revision) => expect(revisionOf(text)).toBe(revision));
