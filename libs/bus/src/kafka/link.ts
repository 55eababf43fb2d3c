import {
  type ApiName,
  apiKeys,
  Connection,
  type ConnectionOptions,
  createSocketFactory,
  type KafkajsLogger,
  lookup,
  requests,
} from './kafkajs.ts';
import { encodeText } from './produce-request.ts';

/** How to connect to brokers. */
export interface LinkSettings {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly ssl: object | null;
  readonly sasl: object | null;
  readonly logger: KafkajsLogger;
}

export interface CallOptions {
  /** Decodes the response in place of kafkajs. */
  readonly decode?: (payload: Buffer) => unknown;
  /** Returns the response unchanged: error codes in it are not thrown. */
  readonly raw?: boolean;
}

/** A request that we encode ourselves. */
export interface RawApi {
  readonly key: number;
  readonly version: number;
  readonly name: string;
}

const apiVersionsVersion = 2;
const socketFactory = createSocketFactory();

class Closed extends Error {
  override readonly name = 'KafkaJSConnectionClosedError';
}

/**
 * kafkajs sets a timer after every response to look for pending requests. Its negative delay makes Node print a
 * warning. Usually no request is pending, so the timer is skipped.
 */
function quietTimers({ requestQueue }: Connection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
}

/**
 * One connection to one broker. A broker answers the requests of a connection in order, so a request that waits long
 * needs a connection of its own.
 */
export class Link {
  readonly #options: ConnectionOptions;
  #open: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #isClosed = false;

  constructor(host: string, port: number, settings: LinkSettings) {
    const { clientId, ssl, sasl, logger, connectTimeoutMs, requestTimeoutMs } = settings;
    this.#options = {
      host,
      port,
      clientId,
      ssl,
      // kafkajs stores its authenticator in this object.
      sasl: sasl === null ? null : { ...sasl },
      logger,
      socketFactory,
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
    };
  }

  /** Sends one request and returns its decoded response. Rejects with errors of kafkajs. */
  async call(api: ApiName, options: object, { decode, raw }: CallOptions = {}): Promise<unknown> {
    const open = await this.#ready();
    const call = open.requestOf(apiKeys[api], requests[api])(options);
    const response = {
      decode: decode === undefined ? call.response.decode : async (payload: Buffer) => decode(payload),
      parse: raw === true || decode !== undefined ? (decoded: unknown) => decoded : call.response.parse,
    };
    return sendOrDrop(open.connection, () => open.connection.send({ ...call, response, logResponseError: false }));
  }

  /** Sends an encoded request and returns the bytes of its response. */
  async callRaw(api: RawApi, body: readonly Buffer[]): Promise<Buffer> {
    const { connection } = await this.#ready();
    if (!connection.isAuthenticated()) await connection.authenticate();
    return sendOrDrop(connection, () => sendRaw(connection, api, [this.#options.clientId, body]));
  }

  async #ready(): Promise<Opened> {
    if (this.#isClosed) throw new Closed('the connection is closed');
    if (this.#open?.connection.isConnected() === true) return this.#open;
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Always a new connection, because an old one may hold half a response. */
  async #connect(): Promise<Opened> {
    const connection = new Connection(this.#options);
    quietTimers(connection);
    await connection.connect();
    try {
      const requestOf = await handshake(connection);
      if (this.#isClosed) throw new Closed('the connection is closed');
      this.#open = { connection, requestOf };
      return this.#open;
    } catch (error) {
      drop(connection);
      throw error;
    }
  }

  /** Closes the connection and rejects pending requests. */
  close(): void {
    this.#isClosed = true;
    if (this.#open !== undefined) drop(this.#open.connection);
  }
}

type RequestOf = ReturnType<typeof lookup>;

interface Opened {
  readonly connection: Connection;
  readonly requestOf: RequestOf;
}

/** Negotiates API versions, then authenticates. */
async function handshake(connection: Connection): Promise<RequestOf> {
  const asking = requests.ApiVersions.protocol({ version: apiVersionsVersion })();
  const { apiVersions } = (await connection.send(asking)) as {
    apiVersions: readonly { apiKey: number; minVersion: number; maxVersion: number }[];
  };
  const versions = Object.fromEntries(
    apiVersions.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]),
  );
  connection.setVersions(versions);
  connection.setSupportAuthenticationProtocol(true);
  await connection.authenticate();
  return lookup(versions);
}

async function sendOrDrop<Response>(connection: Connection, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    // A broker that did not respond may never do so on this connection. The next request opens a new one.
    if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError') drop(connection);
    throw error;
  }
}

/** The request header: size, API key and version, correlation id, client id. */
function encodeHead(
  api: RawApi,
  correlationId: number,
  [clientId, body]: readonly [string, readonly Buffer[]],
): Buffer {
  const client = encodeText(clientId);
  const bytes = 8 + client.length + body.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(12);
  head.writeInt32BE(bytes, 0);
  head.writeInt16BE(api.key, 4);
  head.writeInt16BE(api.version, 6);
  head.writeInt32BE(correlationId, 8);
  return Buffer.concat([head, client]);
}

async function sendRaw(
  connection: Connection,
  api: RawApi,
  request: readonly [string, readonly Buffer[]],
): Promise<Buffer> {
  const correlationId = connection.nextCorrelationId();
  const head = encodeHead(api, correlationId, request);
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly payload: Buffer }>();
  const { key: apiKey, version: apiVersion, name: apiName } = api;
  const entry = { apiKey, apiName, apiVersion, correlationId, resolve, reject };
  const sendRequest = () => {
    connection.socket?.cork();
    for (const part of [head, ...request[1]]) connection.socket?.write(part);
    connection.socket?.uncork();
  };
  connection.requestQueue.push({ entry, expectResponse: true, requestTimeout: null, sendRequest });
  return (await promise).payload;
}

function drop(connection: Connection): void {
  connection.rejectRequests(new Closed('the connection is closed'));
  void connection.disconnect();
  connection.socket?.destroy();
}
