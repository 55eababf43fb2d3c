import {
  type ApiName,
  apiKeys,
  Connection,
  createSocketFactory,
  type KafkajsLogger,
  lookup,
  type ProtocolCall,
  requests,
} from './kafkajs.ts';

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
  readonly #connection: Connection;
  #lookup: ReturnType<typeof lookup> | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  constructor(host: string, port: number, settings: LinkSettings) {
    const { clientId, ssl, sasl, logger, connectTimeoutMs, requestTimeoutMs } = settings;
    this.#connection = new Connection({
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
    });
    quietTimers(this.#connection);
  }

  /** Sends one request; gives what its answer holds. Rejects with errors of kafkajs. */
  async call(api: ApiName, options: object, { decode, raw }: CallOptions = {}): Promise<unknown> {
    const call = (await this.#ready())(apiKeys[api], requests[api])(options);
    const response = {
      decode: decode === undefined ? call.response.decode : async (payload: Buffer) => decode(payload),
      parse: raw === true || decode !== undefined ? (decoded: unknown) => decoded : call.response.parse,
    };
    return this.#connection.send({ ...call, response, logResponseError: false });
  }

  async #ready(): Promise<ReturnType<typeof lookup>> {
    if (this.#isClosed) throw new Closed('the link is closed');
    if (this.#lookup !== undefined && this.#connection.isConnected()) return this.#lookup;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
    if (this.#lookup === undefined) throw new Closed('the link is closed');
    return this.#lookup;
  }

  async #open(): Promise<void> {
    await this.#connection.connect();
    if (this.#lookup === undefined) {
      const asking = requests.ApiVersions.protocol({ version: apiVersionsVersion })() as ProtocolCall;
      const { apiVersions } = (await this.#connection.send(asking)) as {
        apiVersions: readonly { apiKey: number; minVersion: number; maxVersion: number }[];
      };
      const versions = Object.fromEntries(
        apiVersions.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]),
      );
      this.#connection.setVersions(versions);
      this.#connection.setSupportAuthenticationProtocol(true);
      this.#lookup = lookup(versions);
    }
    await this.#connection.authenticate();
    if (this.#isClosed) this.#drop();
  }

  /** Ends the connection; what waits for an answer is rejected. */
  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #drop(): void {
    this.#connection.rejectRequests(new Closed('the link is closed'));
    void this.#connection.disconnect();
    this.#connection.socket?.destroy();
  }
}
