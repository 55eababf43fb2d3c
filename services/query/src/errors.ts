import { AppError } from '@faultline/runtime';

/** The error codes of the query API. */
export const queryErrors = {
  QUERY_INVALID_ARGUMENT: 'A field of the request is missing or wrong. The answer names the field.',
  QUERY_NOT_FOUND: 'No such incident, service or page for this tenant.',
  QUERY_FAILED_PRECONDITION:
    'The command was refused: there is a newer revision than expected, or the status does not allow it. Read the incident again.',
  QUERY_UNAVAILABLE:
    'A part that the answer needs is down, busy or still catching up. Try again. Open incidents do not need the store.',
  QUERY_UNAUTHENTICATED: 'The request has no token, or one that is not valid.',
  QUERY_FORBIDDEN:
    'The role of the token does not allow this request (viewer reads, responder works on incidents, admin may do the rest), X-Scope-OrgID names another tenant than the token’s, or a page of another site sent a command.',
  QUERY_CONSOLE_MISSING: 'The console has not been built. Run `npm run build`, or set query.consoleFolder.',
} as const;
export type QueryErrorCode = keyof typeof queryErrors;

/** A field of the request is wrong. `field` is its path, such as `edges.3.from`; the caller gets it. */
export class FieldError extends AppError {
  readonly field: string;

  constructor(field: string, problem: string) {
    super('QUERY_INVALID_ARGUMENT', `${field}: ${problem}`, { kind: 'permanent', httpStatus: 400 });
    this.field = field;
  }
}

/** The tenant has no such thing. */
export function notFound(message: string): AppError {
  return new AppError('QUERY_NOT_FOUND', message, { kind: 'permanent', httpStatus: 404 });
}

/** The current state does not allow the command. */
export function failedPrecondition(message: string): AppError {
  return new AppError('QUERY_FAILED_PRECONDITION', message, { kind: 'permanent', httpStatus: 409 });
}

/** Another try may succeed. */
export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('QUERY_UNAVAILABLE', message, { kind: 'transient', cause });
}
