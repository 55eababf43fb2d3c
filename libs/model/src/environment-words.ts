import { unnamedEnvironment } from './environment.ts';
import type { EnvironmentReading, SeenIn } from './environment-reading.ts';

/** Names listed of each kind before the rest is counted. */
const maxNames = 3;

/** Which environment evidence was read from, and why: one sentence. Empty where the alerts name the environment that was read. */
export function environmentText({ reason, read, named, seen }: Omit<EnvironmentReading, 'known'>): string {
  const where = list(read.filter((name) => name !== unnamedEnvironment)) || 'no environment';
  switch (reason) {
    case 'named':
    case 'unnamed':
      return '';
    case 'only-one':
      return `The alerts name no environment; ${subjects(seen)} ${sends(seen)} telemetry in ${where}.`;
    case 'likeliest':
      return `The alerts name no environment; most of what they are about sends telemetry in ${where}.`;
    case 'only-environment':
      return `The alerts name no environment; ${where} is the only one that sends telemetry.`;
    case 'elsewhere':
      return `No telemetry comes from ${list(named)}; ${subjects(seen)} ${sends(seen)} telemetry in ${where}, which was read.`;
    case 'shared':
      return `${where} have ${subjects(seen)} in common; both were read.`.replace(
        'both',
        read.length > 2 ? 'all' : 'both',
      );
    case 'ambiguous':
      return `${subjects(seen)} ${sends(seen)} telemetry in ${list(seen.map(({ environment }) => environment))}; the alerts name none of them. Read: ${where}.`;
    case 'no-telemetry':
      return named.length > 0
        ? `No telemetry comes from ${list(named)}.`
        : 'What the alerts are about sends no telemetry.';
    case 'unresolved':
      return 'The environment could not be looked up.';
  }
}

function subjects(seen: readonly SeenIn[]): string {
  return list(namesOf(seen));
}

function sends(seen: readonly SeenIn[]): string {
  return namesOf(seen).length === 1 ? 'sends' : 'send';
}

/** Without their kinds. */
function namesOf(seen: readonly SeenIn[]): readonly string[] {
  const names = seen.flatMap((entry) => entry.names.map((name) => name.slice(name.indexOf(':') + 1)));
  return [...new Set(names)].sort();
}

function list(names: readonly string[]): string {
  const shown = names.length > maxNames ? [...names.slice(0, maxNames), `${names.length - maxNames} more`] : names;
  return [shown.slice(0, -1).join(', '), shown.at(-1) ?? ''].filter((part) => part !== '').join(' and ');
}
