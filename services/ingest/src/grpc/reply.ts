/** Answers of a gRPC call: one message and a status, or a status alone. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Received } from '../receive/call.ts';
import { encodeStatus, grpcCodeOf, grpcCodes, statusText } from '../sources/otlp/status.ts';

export const grpcStatus = { ok: 0, ...grpcCodes } as const;

export interface StatusAnswer {
  readonly code: number;
  readonly details: string;
  /** A `google.rpc.Status` with more about it. */
  readonly status?: Buffer;
}

const responseHeaders = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'gzip, zstd, deflate, snappy, identity',
};

export function answerReceived(stream: ServerHttp2Stream, { reply, problem, retryAfterMs }: Received): void {
  if (problem === null) {
    answerMessage(stream, Buffer.from(reply.body));
    return;
  }
  const code = grpcCodeOf(reply.status);
  const details = statusText(problem.code, problem.reason);
  const status = retryAfterMs === null ? {} : { status: encodeStatus(code, details, retryAfterMs) };
  answerStatus(stream, { code, details, ...status });
}

function answerMessage(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(grpcStatus.ok) }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([prefix, message]));
}

/** Ends the call. The rest of a message is not read: the stream is closed without blame, as PROTOCOL-HTTP2 asks for. */
export function answerStatus(stream: ServerHttp2Stream, { code, details, status }: StatusAnswer): void {
  if (stream.destroyed || stream.headersSent) return;
  const headers: OutgoingHttpHeaders = {
    ...responseHeaders,
    'grpc-status': String(code),
    'grpc-message': percentEncoded(details),
    ...(status === undefined ? {} : { 'grpc-status-details-bin': status.toString('base64') }),
  };
  stream.respond(headers, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** To a client that does not speak gRPC. */
export function answerNoGrpc(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Printable ASCII without `%` as it is, the rest as bytes in hex. */
function percentEncoded(text: string): string {
  return Buffer.from(text.slice(0, 4096))
    .toString('latin1')
    .replace(/[^ -$&-~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
