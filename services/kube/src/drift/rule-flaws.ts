/** What is wrong with the rules of `kube.drift`, so that a slip of the pen does not hide drift. Pure. */
import type { ExpectedRule } from './expected.ts';
import type { NamingRule } from './naming.ts';

export interface RuleFlaw {
  readonly field: string;
  /** What was expected. */
  readonly expected: string;
}

/** Comparisons alone select too much: such a rule would hide all drift against other clusters, say. */
const selectors = ['path', 'kind', 'namespace', 'name'] as const;

export function expectedRuleFlaws(rule: ExpectedRule): readonly RuleFlaw[] {
  const isEmpty = selectors.every((field) => rule[field] === undefined);
  const path = rule.path === undefined || isPath(rule.path);
  return [
    ...(isEmpty
      ? [{ field: '', expected: `at least one of ${selectors.join(', ')}: without one it hides all drift` }]
      : []),
    ...(path ? [] : [{ field: 'path', expected: pathForm }]),
  ];
}

const pathForm = 'fields joined by dots, items in brackets, such as `spec.template.spec.containers[*].env[REGION]`';

/** A field, or an item or a quoted key in brackets. Further fields follow a dot. */
const segment = String.raw`(?:[\w*-]+|\[(?:"[^"]+"|[^[\]"]+)\])`;
const path = new RegExp(String.raw`^${segment}(?:\.[\w*-]+|\[(?:"[^"]+"|[^[\]"]+)\])*$`);

function isPath(text: string): boolean {
  return path.test(text);
}

/** `as` may only name groups that `match` has: any other `$5` would stand in the name as it is. */
export function namingRuleFlaws({ match, as }: NamingRule): readonly RuleFlaw[] {
  const groups = groupsOf(match);
  if (groups === null) return [{ field: 'match', expected: 'a regular expression' }];
  const wrong = referencesIn(as).find((reference) => !groups.includes(reference));
  const known = groups.length === 0 ? '`match` has no group' : `\`match\` has ${groups.join(', ')}`;
  return wrong === undefined ? [] : [{ field: 'as', expected: `only groups of \`match\` (${known}, not ${wrong})` }];
}

/** `$1`, `$2`, `$<name>`. Null: this is no regular expression. */
function groupsOf(source: string): readonly string[] | null {
  try {
    // The empty branch always matches, and a match has an entry for each group.
    const found = new RegExp(`${source}|`).exec('');
    const numbered = Array.from({ length: (found?.length ?? 1) - 1 }, (_, at) => `$${at + 1}`);
    return [...numbered, ...Object.keys(found?.groups ?? {}).map((name) => `$<${name}>`)];
  } catch {
    return null;
  }
}

function referencesIn(text: string): readonly string[] {
  return [...text.replaceAll('$$', '').matchAll(/\$(?:\d+|<[^>]*>)/g)].map(([reference]) => reference);
}
