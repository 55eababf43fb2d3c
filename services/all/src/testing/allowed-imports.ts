/** For each folder, the workspace packages that its product code may import. CONTRIBUTING.md shows the same table to people; a test compares. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  'libs/model': [],
  'libs/runtime': [],
  'libs/correlation': ['model'],
  'libs/bus': ['model', 'runtime'],
  'libs/store': ['model', 'runtime'],
  'services/ingest': ['model', 'runtime', 'bus'],
  'services/recorder': ['model', 'runtime', 'bus', 'store'],
  'services/correlator': ['model', 'runtime', 'bus', 'store', 'correlation'],
  // Of the store only the text of a query, which needs no engine.
  'services/notifier': ['model', 'runtime', 'bus', 'store'],
  'services/query': ['model', 'runtime', 'bus', 'store'],
  'services/console': [],
  'services/all': [
    'model',
    'runtime',
    'bus',
    'store',
    'correlation',
    'ingest',
    'recorder',
    'correlator',
    'notifier',
    'query',
  ],
  // Makes the secrets of a deployment; the rest of it checks files.
  'infra/deploy': ['runtime'],
  // Test servers: fault runs and tests import them, nothing that ships does.
  'infra/servers': [],
  loadtest: [
    'model',
    'runtime',
    'bus',
    'store',
    'correlation',
    'all',
    'ingest',
    'recorder',
    'correlator',
    'notifier',
    'servers',
  ],
};
