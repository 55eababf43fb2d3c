/** `npm run config -- owners`: who owns what, and which source says so. */
import type { SourcedRule } from './entry.ts';

type Match = SourcedRule['match'];

/** Several lines of text. Without a service: everything that any source names. */
export function describeOwners(rules: readonly SourcedRule[], service?: string): string {
  const named = [...new Map(rules.map(({ match }) => [keyOf(match), match])).values()];
  const wanted = service === undefined ? named : named.filter((match) => match['service'] === service);
  const shown = wanted.length === 0 && service !== undefined ? [{ service }] : wanted;
  return shown.map((match) => describeOne(match, rules)).join('');
}

function describeOne(match: Match, rules: readonly SourcedRule[]): string {
  const fitting = rules.filter((rule) => Object.entries(rule.match).every(([label, value]) => match[label] === value));
  const [owner, ...others] = fitting.filter(({ team }) => team !== '');
  const helps = fitting.filter(({ runbookUrl }) => runbookUrl !== '');
  const lines = [
    titleOf(match),
    owner === undefined ? '  team: unowned, unless its alerts have a label team or owner' : teamLine(owner),
    ...(owner === undefined || owner.contact === '' ? [] : [`  contact: ${owner.contact} (${owner.contactSource})`]),
    ...usedRunbooks(helps).map(runbookLine),
    ...others
      .filter(({ team }) => team !== owner?.team)
      .map(({ team, source }) => `  not used: team ${team} (${source})`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `checkout`, `namespace=data`, `everything`. */
function titleOf(match: Match): string {
  const { service, ...others } = match;
  const labels = Object.entries(others).map(([label, value]) => `${label}=${value}`);
  return [service, ...labels].filter((part) => part !== undefined).join(' ') || 'everything';
}

function teamLine({ team, source }: SourcedRule): string {
  return `  team: ${team} (${source})`;
}

function runbookLine({ runbookTitle, runbookUrl, causeKind = '', source }: SourcedRule): string {
  const title = runbookTitle === '' ? '' : `${runbookTitle} `;
  const kind = causeKind === '' ? '' : ` for ${causeKind}`;
  return `  runbook${kind}: ${title}${runbookUrl} (${source})`;
}

/** The first for each kind of fault, as the page takes them. */
function usedRunbooks(helps: readonly SourcedRule[]): readonly SourcedRule[] {
  return [...Map.groupBy(helps, ({ causeKind = '' }) => causeKind).values()].flatMap(([first]) => first ?? []);
}

function keyOf(match: Match): string {
  return JSON.stringify(Object.entries(match).sort());
}
