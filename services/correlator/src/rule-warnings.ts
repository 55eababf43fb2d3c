/** Rules that are valid and do nothing, or hardly what their author meant. They must not stop a start: without them Faultline pages. */
import { entityKinds } from '@faultline/model';
import { ruleWindows } from '@faultline/runtime';
import type { CorrelatorConfig } from './config.ts';

type Rule = CorrelatorConfig['overrides' | 'groups'][number];

const minuteMs = 60_000;

/** One line for each, `correlator.overrides[0].durationMs: ...`. */
export function ruleWarnings(config: CorrelatorConfig, nowMs: number): readonly string[] {
  const { overrides, groups, suppress, catalogue } = config;
  const matchers = Object.entries({ overrides, groups, suppress, catalogue }).flatMap(([list, rules]) =>
    rules.flatMap(({ match }, index) => matchWarnings(match, `correlator.${list}[${index}].match`)),
  );
  const windows = Object.entries({ overrides, groups }).flatMap(([list, rules]) =>
    rules.flatMap((rule, index) => windowWarnings(rule, nowMs).map((text) => `correlator.${list}[${index}].${text}`)),
  );
  return [...windows, ...matchers];
}

function windowWarnings(rule: Rule, nowMs: number): readonly string[] {
  return [...expiryWarnings(rule, nowMs), ...durationWarnings(rule)];
}

function expiryWarnings(rule: Rule, nowMs: number): readonly string[] {
  const { name, expiresAt, start } = rule;
  if (Date.parse(expiresAt) <= nowMs)
    return [`expiresAt: the rule ${name} ended at ${expiresAt} and does nothing; remove it or move its end`];
  const windows = ruleWindows(rule);
  if (windows.length === 0)
    return [`start: no window of the rule ${name} opens from ${start} until it expires at ${expiresAt}`];
  const isOver = windows.every(({ untilMs }) => untilMs <= nowMs);
  return isOver ? [`start: every window of the rule ${name} is over, and it does nothing any more`] : [];
}

function durationWarnings({ name, durationMs }: Rule): readonly string[] {
  if (durationMs === null || durationMs >= minuteMs) return [];
  return [`durationMs: each window of the rule ${name} lasts ${durationMs / 1000} s; the unit is milliseconds`];
}

/** Fields that every alert may have beside its own labels. */
const wellKnown: readonly string[] = ['alertname', 'source', 'severity', 'environment', ...entityKinds];

/** Any label may be meant, so only what differs by one slip of the pen is told. */
function matchWarnings(match: Readonly<Record<string, string>>, path: string): readonly string[] {
  return Object.keys(match).flatMap((label) => {
    const meant = wellKnown.includes(label) ? undefined : wellKnown.find((name) => isSlip(label, name));
    return meant === undefined ? [] : [`${path}.${label}: did you mean \`${meant}\`?`];
  });
}

/** One letter is missing, added or replaced, or letters are in another order. Short names are near each other by chance. */
function isSlip(label: string, name: string): boolean {
  if (Math.min(label.length, name.length) < 5) return false;
  if (label.length < name.length) return isWithoutOneLetter(label, name);
  if (label.length > name.length) return isWithoutOneLetter(name, label);
  const differing = [...label].filter((letter, index) => letter !== name[index]).length;
  return differing === 1 || sortedLetters(label) === sortedLetters(name);
}

function isWithoutOneLetter(shorter: string, longer: string): boolean {
  return [...longer].some((_, index) => longer.slice(0, index) + longer.slice(index + 1) === shorter);
}

function sortedLetters(text: string): string {
  return [...text].sort().join('');
}
