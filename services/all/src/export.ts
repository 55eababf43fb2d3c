/**
 * `npm run export -- INCIDENT [--url URL] [--out FILE]`: the journal of an incident, from a running Faultline. `--data DIR [--config FILE]`
 * reads the folder of a stopped one instead.
 */
import { writeFileSync } from 'node:fs';
import { completeExport } from '@faultline/correlator';
import { AppError, describeStartError, helpOf, readCommandLine } from '@faultline/runtime';
import { exportCommand } from './commands.ts';
import { exportFromFolder, exportFromUrl } from './export-source.ts';

const { positionals, values } = readCommandLine(exportCommand);
const [incidentId] = positionals;
if (incidentId === undefined) {
  process.stderr.write(helpOf(exportCommand));
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
