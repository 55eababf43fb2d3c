import type { Command } from '@faultline/model';
import type { AppError } from '@faultline/runtime';
import { FieldError, failedPrecondition, notFound } from '../errors.ts';

/** The field of the request that each kind of command can get wrong. */
const fieldOf: Readonly<Partial<Record<Command['action']['kind'], string>>> = {
  split: 'alertFingerprints',
  merge: 'otherIncidentId',
  'pin-cause': 'service',
  note: 'text',
};

/** The core's reason as an error. A reason begins with the name of a status: `NOT_FOUND: no incident x in this scope`. */
export function parseRefusal(reason: string, kind: Command['action']['kind']): AppError {
  const [, status, told] = /^(FAILED_PRECONDITION|NOT_FOUND|INVALID_ARGUMENT)(?:: (.*))?$/s.exec(reason) ?? [];
  const text = told ?? (status === undefined ? reason : '');
  if (status === 'NOT_FOUND') return notFound(text || 'no such incident');
  if (status === 'INVALID_ARGUMENT') return new FieldError(fieldOf[kind] ?? 'id', text || 'does not do');
  return failedPrecondition(text || 'the incident does not allow it now');
}
