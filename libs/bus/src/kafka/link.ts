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

/** How brokers are reached. */
export interface LinkSettings {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly ssl: object | null;
  readonly sasl: object | null;
  readonly logger: KafkajsLogger;
}

export interface CallOptions {
  /** Reads the bytes of the answer instead of kafkajs. */
  readonly decode?: (payload: Buffer) => unknown;
  /** The answer as it is: errors in it are not thrown. */
  readonly raw?: boolean;
}

/** A request that is encoded by us. */
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

/** kafkajs sets a timer after every answer, with a negative delay that Node warns of, to look for requests that wait; mostly none does. */
function quietTimers({ requestQueue }: Connection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
}

/** One connection to one broker. A broker answers the requests of a connection one after another, so whoever waits long has a link of its own. */
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
      // kafkajs keeps the authenticator it made in this object.
      sasl: sasl === null ? null : { ...sasl },
      logger,
      socketFactory,
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
    };
  }

  /** Sends one request; gives what its answer holds. Rejects with errors of kafkajs. */
  async call(api: ApiName, options: object, { decode, raw }: CallOptions = {}): Promise<unknown> {
    const open = await this.#ready();
    const call = open.requestOf(apiKeys[api], requests[api])(options);
    const response = {
      decode: decode === undefined ? call.response.decode : async (payload: Buffer) => decode(payload),
      parse: raw === true || decode !== undefined ? (decoded: unknown) => decoded : call.response.parse,
    };
    return answered(open.connection, () => open.connection.send({ ...call, response, logResponseError: false }));
  }

  /** Sends a request whose body is given as bytes; gives the bytes of its answer. */
  async callRaw(api: RawApi, body: readonly Buffer[]): Promise<Buffer> {
    const { connection } = await this.#ready();
    if (!connection.isAuthenticated()) await connection.authenticate();
    return answered(connection, () => sendRaw(connection, api, [this.#options.clientId, body]));
  }

  async #ready(): Promise<Opened> {
    if (this.#isClosed) throw new Closed('the link is closed');
    if (this.#open?.connection.isConnected() === true) return this.#open;
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Each time a new connection: an old one may hold half an answer. */
  async #connect(): Promise<Opened> {
    const connection = new Connection(this.#options);
    quietTimers(connection);
    await connection.connect();
    try {
      const requestOf = await greet(connection);
      if (this.#isClosed) throw new Closed('the link is closed');
      this.#open = { connection, requestOf };
      return this.#open;
    } catch (error) {
      drop(connection);
      throw error;
    }
  }

  /** Ends the connection; what waits for an answer is rejected. */
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

/** Learns what the broker speaks, and logs in. */
async function greet(connection: Connection): Promise<RequestOf> {
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

async function answered<Answer>(connection: Connection, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    // A broker that does not answer may never again: what comes next begins with a connection of its own.
    if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError') drop(connection);
    throw error;
  }
}

/** The request's head: its size, what it asks, its number, and who asks. */
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
  connection.rejectRequests(new Closed('the link is closed'));
  void connection.disconnect();
  connection.socket?.destroy();
}
