/** By what several tools name one and the same rollout: commit, digest, image and version. */
import type { Change } from '@faultline/model';
import { changedService } from '../ranking/compare/change/timing.ts';

export interface ReleaseIdentity {
  /** The service, workload or other subject that was changed; empty when it is not known. */
  readonly subject: string;
  /** Whether only the repository named the subject: then the running service may have another name. */
  readonly isNamedByRepository: boolean;
  /** Keys that need no subject beside them: `commit:`, `digest:` and `image:`. Sorted. */
  readonly strong: readonly string[];
  /** `version:`, which means something only for one subject. */
  readonly weak: readonly string[];
  readonly digests: readonly string[];
}

/** Commits are compared by as many digits as short forms have. */
const commitDigits = 7;

export function identityOf(change: Change): ReleaseIdentity {
  const subject = changedService(change);
  const images = imagesOf(change).map(readImage);
  const version = plainVersion(change.version);
  const commits = [
    change.release?.commit ?? '',
    change.cluster?.commit ?? '',
    change.version,
    ...images.map(({ tag }) => tag),
  ];
  const digests = unique(images.map(({ digest }) => digest));
  const strong = [
    ...commits.map(commitOf).flatMap((commit) => (commit === '' ? [] : [`commit:${commit}`])),
    ...digests.map((digest) => `digest:${digest}`),
    ...images.flatMap(({ name, tag }) => (isFixedTag(tag) ? [`image:${name}:${tag}`] : [])),
  ];
  const versions = [version, ...images.map(({ tag }) => (isFixedTag(tag) ? plainVersion(tag) : ''))];
  return {
    subject,
    isNamedByRepository: subject !== '' && subject.toLowerCase() === lastPart(change.release?.repository ?? ''),
    strong: unique(strong),
    weak: unique(versions).map((text) => `version:${text}`),
    digests,
  };
}

function imagesOf({ release, cluster }: Change): readonly string[] {
  return [...(release?.images ?? []), ...(cluster?.images.map(({ to }) => to) ?? [])];
}

interface ImageName {
  /** The last part of the path: tools write the registry differently. */
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

/** `registry:5000/shop/cart:1.4.2@sha256:12…`. */
export function readImage(reference: string): ImageName {
  const [path = '', digest = ''] = reference.trim().split('@', 2);
  const last = lastPart(path);
  const colon = last.indexOf(':');
  return colon < 0
    ? { name: last, tag: '', digest }
    : { name: last.slice(0, colon), tag: last.slice(colon + 1), digest };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

/** The first digits of a revision, also within a tag such as `main-a1b2c3d`. Numbers alone are versions, not revisions. */
function commitOf(text: string): string {
  const found = /(?:^|[-_.@:])([0-9a-f]{7,64})$/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return /[a-f]/.test(found) && /\d/.test(found) ? found.slice(0, commitDigits) : '';
}

/** A tag that moves with each build says nothing of which one. */
function isFixedTag(tag: string): boolean {
  return /\d/.test(tag);
}

function plainVersion(version: string): string {
  return version
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort();
}
