/** Sources of an export: a running Faultline, or the data folder of a stopped one. */
import { createBus } from '@faultline/bus';
import { exportFromLog } from '@faultline/query';
import { AppError, silentLogger, systemClock } from '@faultline/runtime';
import { loadAppConfig } from './index.ts';

export interface RunningSource {
  /** `http://host:port` of the API. */
  readonly url: string;
  /** The access token. Undefined where none is needed. */
  readonly token: string | undefined;
  /** Undefined: the tenant of the token, or `default`. */
  readonly tenant: string | undefined;
}

/** Reads the export from the API. Throws ALL_EXPORT_FAILED with the answer or with what to do. */
export async function exportFromUrl({ url, token, tenant }: RunningSource, incidentId: string): Promise<string> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
  };
  const address = `${url.replace(/\/+$/, '')}/api/v1/incidents/${encodeURIComponent(incidentId)}/export`;
  const answer = await fetch(address, { headers }).catch((cause: unknown) => {
    throw failed(`nothing answers at ${url}: is it running? \`--data DIR\` reads a folder that nothing runs on`, cause);
  });
  const text = await answer.text();
  if (!answer.ok) throw failed(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}

function failed(message: string, cause?: unknown): AppError {
  return new AppError('ALL_EXPORT_FAILED', message, { kind: 'permanent', cause });
}

export interface FolderSource {
  readonly data: string | undefined;
  readonly config: string | undefined;
}

/** Reads the log in a folder. Throws BUS_FOLDER_LOCKED while Faultline runs on it. */
export async function exportFromFolder({ data, config: file }: FolderSource, incidentId: string): Promise<string> {
  const config = loadAppConfig({
    ...(file === undefined ? {} : { file }),
    ...(data === undefined ? {} : { folder: data }),
  });
  const bus = await createBus(config.bus, { logger: silentLogger, clock: systemClock }).start();
  try {
    return await exportFromLog(bus.value, incidentId);
  } finally {
    await bus.stop();
  }
}
