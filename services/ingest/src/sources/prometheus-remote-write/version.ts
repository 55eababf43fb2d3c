/** Which protobuf message a request holds (Remote-Write 2.0 specification, "Content-Type"). */

export type Version = '1.0' | '2.0';

export const mediaTypeOfWrites = 'application/x-protobuf';

const versionOfMessage: ReadonlyMap<string, Version> = new Map([
  ['prometheus.WriteRequest', '1.0'],
  ['io.prometheus.write.v2.Request', '2.0'],
]);
export const messageNames: readonly string[] = [...versionOfMessage.keys()];

/** The version that a Content-Type header names; 1.0 when it names no message. Null: none that is known. */
export function versionOf(contentType: string): Version | null {
  const [mediaType = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (mediaType.toLowerCase() !== mediaTypeOfWrites) return null;
  const names = parameters.flatMap((parameter) => /^proto\s*=\s*"?([^"]*)"?$/i.exec(parameter)?.[1]?.trim() ?? []);
  const [message] = names;
  return message === undefined ? '1.0' : (versionOfMessage.get(message) ?? null);
}
