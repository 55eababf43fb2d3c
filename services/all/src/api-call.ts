/** Calls the API of a running Faultline. */
import { AppError } from '@faultline/runtime';
import type { AllErrorCode } from './errors.ts';

export interface ApiClient {
  /** `http://host:port` of the API and of the sources. */
  readonly url: string;
  /** Undefined where none is needed. */
  readonly token: string | undefined;
  /** Undefined: the tenant of the token, or `default`. */
  readonly tenant: string | undefined;
}

interface Sent {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** The answer. Throws `code` with the answer of a request that failed, or when nothing answers. */
export async function callApi(
  { url, token, tenant }: ApiClient,
  path: string,
  sent: Sent,
  code: AllErrorCode,
): Promise<Response> {
  const failed = (message: string, cause?: unknown) => new AppError(code, message, { kind: 'permanent', cause });
  const headers = {
    ...sent.headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
  };
  const answer = await fetch(`${url.replace(/\/+$/, '')}${path}`, { ...sent, headers }).catch((cause: unknown) => {
    throw failed(`nothing answers at ${url}: is it running?`, cause);
  });
  if (!answer.ok) throw failed(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return answer;
}
