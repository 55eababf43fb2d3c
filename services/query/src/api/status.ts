import { AppError } from '@faultline/runtime';
import { status as grpcStatus } from '@grpc/grpc-js';
import { FieldError, type QueryErrorCode } from '../errors.ts';

/** An error over HTTP (`httpStatus`, the rest as the body) and over gRPC (`grpcCode` and `message`). */
export interface ApiError {
  readonly httpStatus: number;
  readonly grpcCode: number;
  /** The name of the gRPC status: `NOT_FOUND`. */
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
}

const statusOfCode: Readonly<Record<QueryErrorCode, keyof typeof grpcStatus>> = {
  QUERY_INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  QUERY_NOT_FOUND: 'NOT_FOUND',
  QUERY_FAILED_PRECONDITION: 'FAILED_PRECONDITION',
  QUERY_UNAVAILABLE: 'UNAVAILABLE',
  QUERY_UNAUTHENTICATED: 'UNAUTHENTICATED',
  QUERY_FORBIDDEN: 'PERMISSION_DENIED',
  QUERY_CONSOLE_MISSING: 'NOT_FOUND',
};

/** The error that a caller gets. A bug becomes INTERNAL without its details. */
export function describeApiError(error: unknown): ApiError {
  if (error instanceof AppError) {
    const status =
      statusOfCode[error.code as QueryErrorCode] ?? (error.kind === 'transient' ? 'UNAVAILABLE' : 'INVALID_ARGUMENT');
    const field = error instanceof FieldError ? error.field : null;
    const { httpStatus, code, message } = error;
    return { httpStatus, grpcCode: grpcStatus[status], status, code, message, field };
  }
  const { statusCode, message } = (error ?? {}) as { readonly statusCode?: number; readonly message?: string };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return apiError(statusCode, 'INVALID_ARGUMENT', 'QUERY_INVALID_ARGUMENT', message ?? 'the request cannot be read');
  return apiError(500, 'INTERNAL', 'RUNTIME_INTERNAL', 'an error inside Faultline; its log says more');
}

function apiError(httpStatus: number, status: keyof typeof grpcStatus, code: string, message: string): ApiError {
  return { httpStatus, grpcCode: grpcStatus[status], status, code, message, field: null };
}
