/** Differences that are meant: rules of the configuration, and replicas that an autoscaler sets. Pure. */
import type { DriftComparison, ObjectReference } from '@faultline/model';

/** One entry of `kube.drift.expected`. In each text `*` stands for any characters. Left out: any. */
export interface ExpectedRule {
  readonly path?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly against?: DriftComparison | undefined;
}

export interface Subject {
  readonly object: ObjectReference;
  readonly against: DriftComparison;
  readonly path: string;
}

export type ExpectedTest = (subject: Subject) => boolean;

/** Compiles the rules once. A rule for a path covers what is below it. */
export function expectedTest(rules: readonly ExpectedRule[]): ExpectedTest {
  const tests = rules.map(ruleTest);
  return (subject) => tests.some((test) => test(subject));
}

function ruleTest({ path, kind, namespace, name, against }: ExpectedRule): ExpectedTest {
  const [ofPath, ofKind, ofNamespace, ofName] = [pathGlob(path), glob(kind), glob(namespace), glob(name)];
  return (subject) =>
    (against === undefined || against === subject.against) &&
    ofPath.test(subject.path) &&
    ofKind.test(subject.object.kind) &&
    ofNamespace.test(subject.object.namespace) &&
    ofName.test(subject.object.name);
}

function glob(pattern = '*'): RegExp {
  return new RegExp(`^${globSource(pattern)}$`);
}

function pathGlob(pattern = '*'): RegExp {
  return new RegExp(`^${globSource(pattern)}($|[.[])`);
}

function globSource(pattern: string): string {
  return pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
}
