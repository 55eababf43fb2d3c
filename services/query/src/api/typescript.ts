/** The API's messages as TypeScript, made from the protos for the console. */
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { causeWords, maxConcurrent } from '@faultline/model';
import { loadContract } from './proto.ts';

/** The methods whose answers the console reads. */
const answers = [
  ['IncidentService', 'WatchIncidents'],
  ['IncidentService', 'ListIncidents'],
  ['IncidentService', 'ListIncidentAlerts'],
  ['IncidentService', 'ExplainAlert'],
  ['LedgerService', 'GetLedger'],
  ['LedgerService', 'ListDeadLetters'],
  ['LedgerService', 'ReplayDeadLetters'],
  ['WorkloadService', 'ListWorkloads'],
  ['WorkloadService', 'GetWorkload'],
] as const;

/** The text of a module with an interface for each message that the console reads, the words for cause kinds, and limits. An unset message is null. */
export function describeAnswers(): string {
  const contract = loadContract();
  const found = new Map<string, DescMessage>();
  for (const [service, name] of answers) collect(contract.method(service, name).output.message, found);
  const interfaces = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(interfaceOf);
  return [banner, ...interfaces, ...causeWordsModule(), ...limitsModule(), ''].join('\n');
}

const banner = '// Made by `npm run generate` from protos/faultline/v1 and libs/model. Do not edit.';

function causeWordsModule(): readonly string[] {
  const lines = Object.entries(causeWords).map(([kind, words]) => `  ${kind}: '${words}',`);
  return [
    '/** Cause kinds as people read them. */',
    'export const causeWords: Readonly<Record<string, string>> = {',
    ...lines,
    '};',
  ];
}

function limitsModule(): readonly string[] {
  return [
    '/** Incidents of the same minutes are counted up to this number. */',
    `export const maxConcurrent = ${maxConcurrent};`,
  ];
}

function collect(message: DescMessage, found: Map<string, DescMessage>): void {
  if (isTimestamp(message) || found.has(message.name)) return;
  found.set(message.name, message);
  for (const { message: below } of message.fields) if (below !== undefined) collect(below, found);
}

function interfaceOf({ name, fields }: DescMessage): string {
  const lines = fields.map((field) => `  readonly ${field.jsonName}: ${typeOf(field)};`);
  return [`export interface ${name} {`, ...lines, '}'].join('\n');
}

function typeOf(field: DescField): string {
  if (field.fieldKind === 'map') return `Readonly<Record<string, ${scalarType(field.scalar)}>>`;
  const one = field.message === undefined ? scalarType(field.scalar) : messageType(field.message);
  if (field.fieldKind === 'list') return `readonly ${one}[]`;
  return field.message === undefined ? one : `${one} | null`;
}

function messageType(message: DescMessage): string {
  return isTimestamp(message) ? 'string' : message.name;
}

function isTimestamp({ typeName }: DescMessage): boolean {
  return typeName === 'google.protobuf.Timestamp';
}

function scalarType(scalar: ScalarType | undefined): string {
  switch (scalar) {
    case ScalarType.BOOL:
      return 'boolean';
    case ScalarType.DOUBLE:
    case ScalarType.INT32:
      return 'number';
    default:
      return 'string';
  }
}
