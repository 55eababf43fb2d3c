import { AppError } from '@faultline/runtime';

/** The error codes of the query API. */
export const queryErrors = {
  QUERY_INVALID_ARGUMENT: 'A field of the request is missing or wrong. The answer names the field.',
  QUERY_NOT_FOUND: 'No such incident, service or page for this tenant.',
  QUERY_FAILED_PRECONDITION:
    'The command was refused: the incident has moved on since the expected revision, or its state does not allow it. Read it again.',
  QUERY_UNAVAILABLE:
    'A part that is needed for the answer does not answer or is still catching up. Try again; open incidents need no store.',
  QUERY_UNIMPLEMENTED: 'This operation is in the contract but not offered by this release.',
  QUERY_UNAUTHENTICATED: 'The request has no bearer token, or one that is not known.',
  QUERY_FORBIDDEN:
    'The token has not the role that this needs (viewer to read, responder to work on incidents, admin for the rest), it is for another tenant than X-Scope-OrgID names, or a page of another site sent a command.',
  QUERY_CONSOLE_MISSING: 'The console has not been built. Run `npm run build`, or set query.consoleFolder.',
} as const;
export type QueryErrorCode = keyof typeof queryErrors;

/** The request's field `field` (a path such as `edges.3.from`) does not do. The field is told to the caller. */
export class FieldError extends AppError {
  readonly field: string;

  constructor(field: string, problem: string) {
    super('QUERY_INVALID_ARGUMENT', `${field}: ${problem}`, { kind: 'permanent', httpStatus: 400 });
    this.field = field;
  }
}

/** There is no such thing, for this tenant. */
export function notFound(message: string): AppError {
  return new AppError('QUERY_NOT_FOUND', message, { kind: 'permanent', httpStatus: 404 });
}

/** The command is refused as things stand. */
export function failedPrecondition(message: string): AppError {
  return new AppError('QUERY_FAILED_PRECONDITION', message, { kind: 'permanent', httpStatus: 409 });
}

/** Worth another try. */
export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('QUERY_UNAVAILABLE', message, { kind: 'transient', cause });
}

/** In the contract, not yet offered. */
export function unimplemented(message: string): AppError {
  return new AppError('QUERY_UNIMPLEMENTED', message, { kind: 'permanent', httpStatus: 501 });
}
