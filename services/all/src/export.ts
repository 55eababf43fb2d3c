/**
 * `npm run export -- INCIDENT [--url URL] [--out FILE]`: the journal of one incident, from a Faultline that runs. `--data DIR [--config FILE]`
 * instead of `--url` reads the folder of one that does not. To replay, or to attach to a report.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { completeExport } from '@faultline/correlator';
import { AppError, describeStartError } from '@faultline/runtime';
import { exportFromFolder, exportFromUrl } from './export-source.ts';

const usage = `usage: npm run export -- INCIDENT [--url http://127.0.0.1:8080] [--out FILE]
       npm run export -- INCIDENT --data DIR [--config FILE] [--out FILE]
The environment variable FAULTLINE_TOKEN holds the admin token, where one is needed.
`;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    config: { type: 'string' },
    tenant: { type: 'string' },
  },
});
const [incidentId] = positionals;
if (incidentId === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}

try {
  const { url = 'http://127.0.0.1:8080', out, data, config, tenant } = values;
  const isStopped = data !== undefined || config !== undefined;
  const file = isStopped
    ? await exportFromFolder({ data, config }, incidentId)
    : await exportFromUrl({ url, token: process.env['FAULTLINE_TOKEN'], tenant }, incidentId);
  const complete = completeExport(file);
  if (out === undefined) process.stdout.write(complete);
  else writeFileSync(out, complete, { mode: 0o600 });
} catch (error) {
  const text = error instanceof AppError ? `${error.message} [${error.code}]` : describeStartError(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
