/** The sources that a mapping reads, one line each. */
import type { SourceDefinition } from '../source-definition.ts';
import { argoCd } from './argo-cd/index.ts';
import { atlas } from './atlas/index.ts';
import { awsHealth } from './aws-health/index.ts';
import { azureDevops } from './azure-devops/index.ts';
import { azureMonitor } from './azure-monitor/index.ts';
import { bitbucket } from './bitbucket/index.ts';
import { checkmk } from './checkmk/index.ts';
import { circleci } from './circleci/index.ts';
import { datadog } from './datadog/index.ts';
import { dynatrace } from './dynatrace/index.ts';
import { elastic } from './elastic/index.ts';
import { flagsmith } from './flagsmith/index.ts';
import { flux } from './flux/index.ts';
import { flyway } from './flyway/index.ts';
import { github } from './github/index.ts';
import { gitlab } from './gitlab/index.ts';
import { googleCloudMonitoring } from './google-cloud-monitoring/index.ts';
import { honeycomb } from './honeycomb/index.ts';
import { jenkins } from './jenkins/index.ts';
import { json } from './json/index.ts';
import { launchdarkly } from './launchdarkly/index.ts';
import { nagios } from './nagios/index.ts';
import { newRelic } from './new-relic/index.ts';
import { octopus } from './octopus/index.ts';
import { sentry } from './sentry/index.ts';
import { spinnaker } from './spinnaker/index.ts';
import { splunk } from './splunk/index.ts';
import { statuscake } from './statuscake/index.ts';
import { terraformCloud } from './terraform-cloud/index.ts';
import { terraformPlan } from './terraform-plan/index.ts';
import { unleash } from './unleash/index.ts';
import { uptimeKuma } from './uptime-kuma/index.ts';
import { zabbix } from './zabbix/index.ts';

export const mappedSources: readonly SourceDefinition[] = [
  argoCd,
  atlas,
  awsHealth,
  azureDevops,
  azureMonitor,
  bitbucket,
  checkmk,
  circleci,
  datadog,
  dynatrace,
  elastic,
  flagsmith,
  flux,
  flyway,
  github,
  gitlab,
  googleCloudMonitoring,
  honeycomb,
  jenkins,
  json,
  launchdarkly,
  nagios,
  newRelic,
  octopus,
  sentry,
  spinnaker,
  splunk,
  statuscake,
  terraformCloud,
  terraformPlan,
  unleash,
  uptimeKuma,
  zabbix,
];
