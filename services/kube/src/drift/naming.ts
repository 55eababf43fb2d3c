/** Under which name an object is looked up in other clusters: its own, unless a rule of the configuration gives another. Pure. */
import type { ObjectReference } from '@faultline/model';

/** One entry of `kube.drift.sameObject`. `match` is a regular expression of `namespace/name`; `as` what it is called everywhere. */
export interface NamingRule {
  readonly match: string;
  readonly as: string;
}

/** Objects of one resource with one shared name are compared. */
export type Naming = (resource: string, object: Pick<ObjectReference, 'namespace' | 'name'>) => string;

/** The first rule that matches decides. */
export function createNaming(rules: readonly NamingRule[]): Naming {
  const compiled = rules.map(({ match, as }) => ({ pattern: new RegExp(`^(?:${match})$`), as }));
  return (resource, { namespace, name }) => {
    const own = `${namespace}/${name}`;
    const rule = compiled.find(({ pattern }) => pattern.test(own));
    return `${resource}/${rule === undefined ? own : own.replace(rule.pattern, rule.as)}`;
  };
}
