/** Evaluates one mapping of one body. It runs in a thread of its own: see `worker.ts`. */
import jsonata from 'jsonata';
import { isJsonObject, scalarText } from '../field.ts';
import { labelsOf } from './label-list.ts';
import type { MappingRequest, MappingResponse } from './protocol.ts';
import { flawText } from './read-expression.ts';

/** Compiled expressions are kept: parsing takes longer than evaluating. */
const maxCompiled = 500;
const compiled = new Map<string, jsonata.Expression>();

/** Nesting of calls, and items of one sequence, that no mapping of a request needs. */
const maxDepth = 300;
const maxSequence = 20_000;

function compile(expression: string, timeoutMs: number): jsonata.Expression {
  const key = `${timeoutMs} ${expression}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = jsonata(expression, { timeout: timeoutMs, stack: maxDepth, sequence: maxSequence });
  made.registerFunction('labels', labelsOf, '<x?:o>');
  made.registerFunction('text', scalarText, '<x?:s>');
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(key, made);
  return made;
}

/** Null means absent, in JSON of tools as in protobuf. The functions of JSONata fail on null and pass on what is absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([field, entry]) => [field, withoutNulls(entry)]));
}

export async function evaluateMapping({
  id,
  expression,
  body,
  headers,
  parameters,
  timeoutMs,
}: MappingRequest): Promise<MappingResponse> {
  try {
    const value: unknown = await compile(expression, timeoutMs).evaluate(withoutNulls(JSON.parse(body)), {
      headers,
      parameters,
    });
    // Values of JSONata carry hidden fields and functions. JSON keeps only what a mapping means.
    return { id, ok: true, json: JSON.stringify(value ?? null) ?? 'null' };
  } catch (error) {
    return { id, ok: false, ...problemOf(error) };
  }
}

/** Codes of JSONata's own limits: https://docs.jsonata.org/embedding-extending */
const limitCodes: readonly unknown[] = ['D1011', 'D1012', 'D2014', 'D2015', 'U1001'];

function problemOf(error: unknown): { readonly isLimit: boolean; readonly reason: string } {
  const { code } = error as { code?: unknown };
  return { isLimit: limitCodes.includes(code), reason: flawText(error) };
}
