/** What a mapped change delivers: repository, commit, images and commits. A part that has another form is left out: the change itself counts. */
import {
  type Commit,
  firstLine,
  maxCommitFiles,
  maxReleaseCommits,
  maxReleaseImages,
  type Release,
  repositoryName,
} from '@faultline/model';
import { cut, isJsonObject, type Json, scalarText } from '../field.ts';

/** Null: the item names none of it. The labels `repository`, `commit` and `image` count where the item has no such field. */
export function releaseOfItem(item: Json, labels: Readonly<Record<string, string>>): Release | null {
  const field = (name: string) => cut(scalarText(item[name]).trim() || (labels[name] ?? ''), 512);
  const images = textsOf(item['images'] ?? labels['image'], maxReleaseImages, 512);
  const all = listOf(item['commits']).flatMap(commitOf);
  const release = {
    repository: repositoryName(field('repository')),
    commit: revisionOf(field('commit')),
    previousCommit: revisionOf(field('previousCommit')),
    images,
    commits: all.slice(0, maxReleaseCommits),
    omittedCommits: Math.max(0, all.length - maxReleaseCommits),
  };
  return release.commit === '' && images.length === 0 && all.length === 0 ? null : release;
}

/** Hosts write a branch or `main@sha1:a1b2` in the place of a revision, and forty zeros for none. */
export function revisionOf(text: string): string {
  const found = /(?:^|[:@])([0-9a-f]{7,64})$/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return /^0+$/.test(found) ? '' : found;
}

function commitOf(value: unknown): Commit[] {
  if (!isJsonObject(value)) return [];
  const id = revisionOf(scalarText(value['id']));
  if (id === '') return [];
  return [
    {
      id,
      author: cut(scalarText(value['author']), 100),
      message: firstLine(scalarText(value['message'])),
      url: cut(scalarText(value['url']), 1024),
      files: textsOf(value['files'], maxCommitFiles, 300),
    },
  ];
}

/** JSONata writes a list of one as its item, and nests lists. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flat() : [value];
}

function textsOf(value: unknown, most: number, maxLength: number): string[] {
  const texts = listOf(value).map((text) => cut(scalarText(text).trim(), maxLength));
  return [...new Set(texts)].filter((text) => text !== '').slice(0, most);
}
