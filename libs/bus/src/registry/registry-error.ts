import { AppError, type ErrorKind } from '@faultline/runtime';
import { busErrors } from '../errors.ts';

type RegistryErrorCode = Extract<keyof typeof busErrors, `BUS_REGISTRY_${string}`>;

/** An error of the catalogue. `detail` must not contain a credential. */
export function registryError(code: RegistryErrorCode, kind: ErrorKind, detail: string, cause?: unknown): AppError {
  return new AppError(code, `${busErrors[code]} (${detail})`, { kind, cause });
}

/** The error for an HTTP status that is not a success. */
export function errorOfStatus(status: number, what: string): AppError {
  const detail = `${what}: HTTP ${status}`;
  if (status === 401 || status === 403) return registryError('BUS_REGISTRY_DENIED', 'permanent', detail);
  if (status === 409 || status === 422) return registryError('BUS_REGISTRY_REFUSED', 'permanent', detail);
  return registryError('BUS_REGISTRY_UNAVAILABLE', 'transient', detail);
}
