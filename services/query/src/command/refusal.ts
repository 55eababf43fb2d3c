import type { Command, CommandResult } from '@faultline/model';
import type { AppError } from '@faultline/runtime';
import { FieldError, failedPrecondition, notFound } from '../errors.ts';

/** The request field that a bad argument of each kind of command is about. */
const fieldOf: Readonly<Partial<Record<Command['action']['kind'], string>>> = {
  split: 'alertFingerprints',
  merge: 'otherIncidentId',
  'pin-cause': 'service',
  'reject-cause': 'service',
  'restore-cause': 'service',
  note: 'text',
};

/** The error for the caller of a refused command. */
export function refusalError(
  { refusal, reason }: Pick<CommandResult, 'refusal' | 'reason'>,
  kind: Command['action']['kind'],
): AppError {
  switch (refusal) {
    case 'not-found':
      return notFound(reason);
    case 'bad-argument':
      return new FieldError(fieldOf[kind] ?? 'id', reason);
    default:
      return failedPrecondition(reason);
  }
}
