/** Grafana's dashboards. `node infra/deploy/src/dashboard.ts` writes them, and a test runs their queries. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { buildKubernetes } from './kubernetes-dashboard.ts';
import { buildServices } from './services-dashboard.ts';

const folder = join(import.meta.dirname, '../../grafana/dashboards');

export interface DashboardFile {
  readonly file: string;
  readonly dashboard: Dashboard;
}

export function buildDashboards(): readonly DashboardFile[] {
  return [
    { file: join(folder, 'faultline.json'), dashboard: buildServices() },
    { file: join(folder, 'kubernetes.json'), dashboard: buildKubernetes() },
  ];
}

/** The text in the repository. */
export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

if (import.meta.main)
  for (const { file, dashboard } of buildDashboards()) writeFileSync(file, dashboardText(dashboard));
