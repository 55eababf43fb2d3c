/** Bodies of answers as text, with limits: a server or proxy that sends without end must not fill the memory. */
import { AppError } from '@faultline/runtime';

/** An object in etcd has at most 1.5 MiB, and JSON escapes make it longer. */
export const maxLineChars = 4 * 1024 * 1024;

/** Errors are a Status object of a few hundred characters. */
export const maxStatusChars = 1024 * 1024;

/** The whole body. Null when it is longer than `maxChars`; the rest is not read then. */
export async function readText(chunks: AsyncIterable<string>, maxChars: number): Promise<string | null> {
  const parts: string[] = [];
  let chars = 0;
  for await (const chunk of chunks) {
    chars += chunk.length;
    if (chars > maxChars) return null;
    parts.push(chunk);
  }
  return parts.join('');
}

/** Lines that are complete and not empty. Throws KUBE_BAD_ANSWER when one is longer than `maxChars`. */
export async function* linesOf(chunks: AsyncIterable<string>, maxChars = maxLineChars): AsyncGenerator<string> {
  // The unfinished line stays in parts. Joining it for each chunk would take time by the square of its length.
  let parts: string[] = [];
  let chars = 0;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf('\n', from);
      const part = chunk.slice(from, newline < 0 ? undefined : newline);
      parts.push(part);
      chars += part.length;
      if (chars > maxChars) throw lineTooLong(maxChars);
      if (newline < 0) break;
      if (chars > 0) yield parts.join('');
      parts = [];
      chars = 0;
      from = newline + 1;
    }
  }
}

function lineTooLong(maxChars: number): AppError {
  const message = `the API server sent too much for a watch event: more than ${maxChars} characters`;
  return new AppError('KUBE_BAD_ANSWER', message, { kind: 'transient' });
}
