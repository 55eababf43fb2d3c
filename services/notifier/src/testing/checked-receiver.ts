/** A receiver that checks requests as the vendor's documentation says: address, method, authorization, fields and sizes. */
import type { z } from 'zod';
import { parseObject } from '../channels/json-call.ts';
import { type ReceivedRequest, type ReceiverAnswer, startReceiver } from './receiver.ts';

export interface CheckedRoute {
  /** `POST /v2/alerts`. A step of the path that begins with a colon stands for anything. */
  readonly route: string;
  /** The body, as JSON or as a form. */
  readonly schema?: z.ZodType;
  /** Default: 200 and an empty object. */
  readonly answer?: (body: Readonly<Record<string, unknown>>, request: ReceivedRequest) => ReceiverAnswer;
}

export interface CheckedCall {
  readonly route: string;
  readonly request: ReceivedRequest;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface CheckedReceiver {
  readonly url: string;
  /** Requests that were in order. */
  readonly calls: CheckedCall[];
  /** What was wrong with the others. */
  readonly problems: string[];
  /** Answers to the next calls of a route. `after`: the receiver acts first, as when its answer is lost. */
  readonly failures: { route: string; answer: ReceiverAnswer; after?: boolean }[];
  close(): Promise<void>;
}

export interface CheckedReceiverOptions {
  readonly routes: readonly CheckedRoute[];
  /** The value of the header `authorization`. Default: none is expected. */
  readonly authorization?: string;
}

export async function startCheckedReceiver({
  routes,
  authorization,
}: CheckedReceiverOptions): Promise<CheckedReceiver> {
  const calls: CheckedCall[] = [];
  const problems: string[] = [];
  const failures: CheckedReceiver['failures'] = [];
  const refuse = (status: number, problem: string): ReceiverAnswer => {
    problems.push(problem);
    return { status, body: JSON.stringify({ message: problem }) };
  };
  const receiver = await startReceiver((request) => {
    const found = routes.find(({ route }) => isMatch(route, request));
    if (found === undefined) return refuse(404, `${request.method} ${request.path}`);
    const { route, schema, answer } = found;
    if (request.headers.authorization !== authorization) return refuse(401, `${route}: authorization`);
    const body = bodyOf(request);
    const checked = schema?.safeParse(body);
    if (checked?.success === false) return refuse(400, `${route}: ${checked.error.message}`);
    const index = failures.findIndex((failure) => failure.route === route);
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    if (failure !== undefined && failure.after !== true) return failure.answer;
    calls.push({ route, request, body });
    const own = answer?.(body, request) ?? { body: '{}' };
    return failure?.answer ?? own;
  });
  return { url: receiver.url, calls, problems, failures, close: () => receiver.close() };
}

function isMatch(route: string, { method, path }: ReceivedRequest): boolean {
  const [wantedMethod, wantedPath = ''] = route.split(' ');
  const given = (path.split('?', 1)[0] ?? '').split('/');
  const wanted = wantedPath.split('/');
  return (
    method === wantedMethod &&
    given.length === wanted.length &&
    wanted.every((step, index) => step.startsWith(':') || step === given[index])
  );
}

function bodyOf({ headers, body }: ReceivedRequest): Readonly<Record<string, unknown>> {
  if (headers['content-type'] === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(body));
  return parseObject(body);
}
