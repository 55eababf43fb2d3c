/**
 * Labels as companies have them. Each team and each tool names environment, cluster and service in its own way, and about half of the names
 * are missing. There is one environment, production, under several spellings.
 */
import type { Random } from '../../random/random.ts';
import type { System } from '../system/system.ts';

export type Labels = Readonly<Record<string, string>>;

/** How an alert reaches Faultline. */
export type Route = 'alertmanager' | 'pagerduty-alertmanager' | 'pagerduty-grafana';

/** How a team names its rules. */
export type RuleStyle = 'camel' | 'snake' | 'sentence' | 'slo';

export interface TeamConventions {
  readonly name: string;
  readonly namespace: string;
  /** Label names. Empty labels: the team sets none. */
  readonly serviceLabel: 'service' | 'app' | 'app_kubernetes_io_name' | 'service_name' | 'job';
  readonly environment: Labels;
  readonly cluster: Labels;
  readonly severities: Readonly<Record<'critical' | 'warning', string>>;
  readonly ruleStyle: RuleStyle;
  readonly route: Route;
  /** Resource attributes of the team's telemetry. */
  readonly resource: Labels;
  /** The resource attribute that names the machine. */
  readonly nodeAttribute: 'k8s.node.name' | 'host.name';
}

export interface Conventions {
  /** Empty in a system of several clusters, whose telemetry names them and whose alerts do not. */
  readonly clusterName: string;
  readonly teamOf: (service: string) => TeamConventions;
  /** External labels of the Prometheus that watches Kubernetes, nodes and brokers. */
  readonly platform: Labels;
  /** Environment id in CDEvents. Empty: none. */
  readonly deployEnvironment: string;
  /** Whether a rule tells the reason of a terminated container. */
  readonly tellsKills: boolean;
  /** Further details of configuration changes. */
  readonly configLabels: Labels;
}

const spellings = ['production', 'Production', 'prod', 'prd', 'live'];
const severities = [
  { critical: 'critical', warning: 'warning' },
  { critical: 'page', warning: 'ticket' },
  { critical: 'P1', warning: 'P3' },
  { critical: 'sev1', warning: 'sev3' },
  { critical: 'error', warning: 'warn' },
];

export function drawConventions({ services }: Pick<System, 'services'>, random: Random): Conventions {
  const drawnName = random.pick(['eu-1', 'prod-eu-1', 'production-eu-west-1']);
  const clusters = new Set(services.flatMap(({ instances }) => instances.map(({ cluster }) => cluster)));
  const clusterName = clusters.has('main') ? drawnName : '';
  const names = [...new Set(services.map(({ team }) => team))].sort();
  const teams = new Map(names.map((name) => [name, drawTeam(name, clusterName, random)]));
  const [fallback] = teams.values();
  const teamByService = new Map(services.map(({ name, team }) => [name, teams.get(team)]));
  return {
    clusterName,
    teamOf: (service) => {
      const team = teamByService.get(service) ?? fallback;
      if (team === undefined) throw new RangeError('a system has at least one team');
      return team;
    },
    platform: random.chance(0.7) ? clusterLabels(clusterName) : {},
    deployEnvironment: random.pick([`production-${drawnName}`, 'production', 'prod', '']),
    tellsKills: random.fork('kill rule').chance(0.5),
    configLabels: maybe({ [random.pick(['environment', 'env', 'stage'])]: random.pick(spellings) }, random),
  };
}

function drawTeam(name: string, clusterName: string, random: Random): TeamConventions {
  const environmentLabel = random.pick(['env', 'environment', 'deployment_environment', 'stage']);
  const environmentAttribute = random.pick(['deployment.environment.name', 'deployment.environment']);
  const namespace = random.pick([name, 'shop', 'default']);
  return {
    name,
    namespace,
    serviceLabel: random.pick(['service', 'app', 'app_kubernetes_io_name', 'service_name', 'job']),
    environment: maybe({ [environmentLabel]: random.pick(spellings) }, random),
    cluster: maybe(clusterLabels(clusterName), random),
    severities: random.pick(severities),
    ruleStyle: random.pick<RuleStyle>(['camel', 'snake', 'sentence', 'slo']),
    route: random.pick<Route>(['alertmanager', 'alertmanager', 'pagerduty-alertmanager', 'pagerduty-grafana']),
    resource: {
      ...maybe({ [environmentAttribute]: random.pick(spellings) }, random),
      ...maybe({ 'k8s.namespace.name': namespace }, random),
    },
    nodeAttribute: random.fork(`node attribute of ${name}`).pick(['k8s.node.name', 'host.name']),
  };
}

function clusterLabels(name: string): Labels {
  return name === '' ? {} : { cluster: name };
}

/** The labels, or none, with equal probability. */
function maybe(labels: Labels, random: Random): Labels {
  return random.chance(0.5) ? labels : {};
}
