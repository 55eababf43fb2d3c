/**
 * A digest of the page that was sent, kept in `Delivery.contentHash` as `page.cause.status.severity`, with `.level` before the severity unless it
 * is a page, and `.e2` before it when it was escalated twice. The next revision is compared with it: the same page, one with new details, one that names another cause, or one that got worse.
 */
import { contentId, type Incident, type Severity, severities, type TriageLevel, triageLevels } from '@faultline/model';
import type { Page } from './page.ts';
import { pageText } from './text.ts';

export interface Digest {
  readonly page: string;
  readonly cause: string;
  readonly status: string;
  readonly level: TriageLevel;
  /** The worst severity that people were told of since the incident opened or reopened. Null: an older release did not keep it. */
  readonly severity: Severity | null;
  /** How often it was escalated. */
  readonly escalationStep: number;
}

/** The digest of a page. `before`: that of the page which it replaces; empty when there is none. */
export function digestOf(page: Page, before = ''): string {
  const level = page.level === 'page' ? '' : `.${page.level}`;
  const escalated = page.escalationStep === 0 ? '' : `.e${page.escalationStep}`;
  const head = `${contentId(pageText(page))}.${contentId(page.causeKey)}.${page.status}`;
  return `${head}${level}${escalated}.${worstTold(page, before)}`;
}

/** An alert that flaps must not notify people each time that it fires again. */
function worstTold({ severity }: Page, before: string): Severity {
  const then = parseDigest(before);
  if (then === null || then.severity === null || then.status === 'resolved') return severity;
  return isWorse(then.severity, severity) ? then.severity : severity;
}

/** Whether the first severity is worse than the second. */
export function isWorse(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) < severities.indexOf(other);
}

/** Null for a text that is not a digest: then it is unknown which page was sent. */
export function parseDigest(text: string): Digest | null {
  const [page, cause, status, ...parts] = text.split('.');
  const level = parts.find(isLevel);
  const severity = parts.find(isSeverity);
  const escalated = parts.find((part) => /^e\d+$/.test(part));
  const known = [level, severity, escalated].filter((part) => part !== undefined).length;
  if (!page || !cause || !isStatus(status) || parts.length !== known) return null;
  return {
    page,
    cause,
    status,
    level: level ?? 'page',
    severity: severity ?? null,
    escalationStep: Number(escalated?.slice(1) ?? 0),
  };
}

const noCause = contentId('');

/** Whether the page of this digest names a cause. */
export function namesCause({ cause }: Digest): boolean {
  return cause !== noCause;
}

function isLevel(text: string): text is TriageLevel {
  return triageLevels.some((level) => level === text);
}

function isSeverity(text: string): text is Severity {
  return severities.some((severity) => severity === text);
}

function isStatus(text: string | undefined): text is Incident['status'] {
  return text === 'open' || text === 'acknowledged' || text === 'resolved';
}
