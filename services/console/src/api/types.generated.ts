// Made by `npm run generate` from protos/faultline/v1 and libs/model. Do not edit.
export interface Alert {
  readonly fingerprint: string;
  readonly name: string;
  readonly status: string;
  readonly severity: string;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly entity: string;
  readonly reason: string;
  readonly source: string;
  readonly url: string;
  readonly environment: string;
  readonly kind: string;
}
export interface AlertExplanation {
  readonly outcome: string;
  readonly text: string;
  readonly incidentId: string;
  readonly steps: readonly AlertStep[];
  readonly nearMatches: readonly AlertMatch[];
}
export interface AlertMatch {
  readonly source: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly status: string;
  readonly receivedAt: string | null;
}
export interface AlertStep {
  readonly at: string | null;
  readonly kind: string;
  readonly text: string;
  readonly incidentId: string;
}
export interface Cause {
  readonly service: string;
  readonly instance: string;
  readonly kind: string;
}
export interface Change {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly environment: string;
  readonly entities: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly actor: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly version: string;
  readonly previousVersion: string;
  readonly url: string;
  readonly clusterChange: ClusterChange | null;
}
export interface ChangeReport {
  readonly changeId: string;
  readonly source: string;
  readonly actor: string;
  readonly summary: string;
  readonly url: string;
  readonly startedAt: string | null;
}
export interface ChangedPath {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}
export interface ClusterChange {
  readonly object: ObjectReference | null;
  readonly revision: string;
  readonly manager: string;
  readonly commit: string;
  readonly images: readonly ImageChange[];
  readonly paths: readonly ChangedPath[];
  readonly omittedPaths: number;
  readonly rollout: Rollout | null;
}
export interface CommandOutcome {
  readonly id: string;
  readonly result: string;
  readonly reason: string;
  readonly refusal: string;
}
export interface CommitTouch {
  readonly reason: string;
  readonly failing: string;
  readonly by: string;
}
export interface ConcurrentIncidents {
  readonly count: number;
  readonly incidentIds: readonly string[];
}
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
}
export interface DeadLetter {
  readonly id: string;
  readonly source: string;
  readonly signal: string;
  readonly items: number;
  readonly code: string;
  readonly reason: string;
  readonly receivedAt: string | null;
  readonly contentType: string;
  readonly payload: string;
  readonly payloadBytes: number;
}
export interface DeadLetterReplay {
  readonly id: string;
  readonly replayed: boolean;
  readonly text: string;
}
export interface Drift {
  readonly id: string;
  readonly workload: WorkloadReference | null;
  readonly environment: string;
  readonly against: string;
  readonly reference: string;
  readonly path: string;
  readonly value: string;
  readonly expected: string;
  readonly isHashed: boolean;
  readonly since: string | null;
  readonly actor: string;
  readonly changeId: string;
  readonly team: string;
  readonly risk: string;
  readonly riskReason: string;
  readonly repair: DriftRepair | null;
  readonly state: string;
  readonly acceptance: DriftAcceptance | null;
}
export interface DriftAcceptance {
  readonly reason: string;
  readonly actor: string;
  readonly at: string | null;
  readonly until: string | null;
}
export interface DriftRepair {
  readonly patch: string;
  readonly command: string;
}
export interface EnvironmentReading {
  readonly reason: string;
  readonly read: readonly string[];
  readonly named: readonly string[];
  readonly seen: readonly SeenIn[];
  readonly qualified: readonly string[];
  readonly text: string;
}
export interface Evidence {
  readonly kind: string;
  readonly entity: string;
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  readonly weight: number;
  readonly query: string;
}
export interface EvidenceRetry {
  readonly since: string | null;
  readonly withinSeconds: number;
}
export interface FaultChange {
  readonly changeId: string;
  readonly object: ObjectReference | null;
  readonly actor: string;
  readonly at: string | null;
}
export interface Finding {
  readonly fault: ObjectFault | null;
  readonly cluster: string;
  readonly environment: string;
  readonly reason: string;
  readonly message: string;
  readonly checkCommand: string;
  readonly change: Change | null;
}
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly errorRatio: number;
  readonly p95Ms: number;
  readonly source: string;
  readonly lastSeen: string | null;
}
export interface GraphNode {
  readonly id: string;
  readonly service: string;
  readonly role: string;
}
export interface Hypothesis {
  readonly rank: number;
  readonly probability: number;
  readonly since: string | null;
  readonly cause: Cause | null;
  readonly change: JudgedChange | null;
  readonly path: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly refutation: Refutation | null;
  readonly fault: ObjectFault | null;
}
export interface ImageChange {
  readonly container: string;
  readonly from: string;
  readonly to: string;
}
export interface Incident {
  readonly id: string;
  readonly revision: number;
  readonly status: string;
  readonly scope: Scope | null;
  readonly title: string;
  readonly severity: string;
  readonly startedAt: string | null;
  readonly detectedAt: string | null;
  readonly updatedAt: string | null;
  readonly resolvedAt: string | null;
  readonly verdict: string;
  readonly evidenceState: string;
  readonly alertCount: number;
  readonly firingCount: number;
  readonly alerts: readonly Alert[];
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: Graph | null;
  readonly changes: readonly JudgedChange[];
  readonly similar: readonly SimilarIncident[];
  readonly owners: readonly Owner[];
  readonly runbooks: readonly Runbook[];
  readonly timeline: readonly TimelineEntry[];
  readonly missingEvidence: readonly string[];
  readonly commands: readonly CommandOutcome[];
  readonly resolution: string;
  readonly missing: readonly MissingEvidence[];
  readonly environments: readonly string[];
  readonly environmentReading: EnvironmentReading | null;
  readonly evidenceRetry: EvidenceRetry | null;
  readonly concurrent: ConcurrentIncidents | null;
  readonly triage: Triage | null;
  readonly rejectedCauses: readonly RejectedCause[];
  readonly stages: IncidentStages | null;
  readonly remediations: readonly Remediation[];
}
export interface IncidentStages {
  readonly onset: string | null;
  readonly detected: string | null;
  readonly paged: string | null;
  readonly acknowledged: string | null;
  readonly causeNamed: string | null;
  readonly acted: string | null;
  readonly action: string;
  readonly recovered: string | null;
}
export interface JudgedChange {
  readonly id: string;
  readonly kind: string;
  readonly entity: string;
  readonly startedAt: string | null;
  readonly actor: string;
  readonly summary: string;
  readonly url: string;
  readonly verdict: string;
  readonly reason: string;
  readonly reports: readonly ChangeReport[];
  readonly commits: readonly JudgedCommit[];
  readonly commitCount: number;
}
export interface JudgedCommit {
  readonly id: string;
  readonly author: string;
  readonly message: string;
  readonly url: string;
  readonly touches: readonly CommitTouch[];
}
export interface Ledger {
  readonly sources: readonly LedgerRow[];
}
export interface LedgerRow {
  readonly source: string;
  readonly signal: string;
  readonly accepted: number;
  readonly inIncidents: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly pending: number;
  readonly alertKinds: Readonly<Record<string, number>>;
  readonly suppressedBy: Readonly<Record<string, number>>;
  readonly lastHeard: string | null;
  readonly perMinute: number;
}
export interface ListDeadLettersResponse {
  readonly deadLetters: readonly DeadLetter[];
  readonly nextPageToken: string;
}
export interface ListIncidentAlertsResponse {
  readonly alerts: readonly Alert[];
  readonly nextPageToken: string;
}
export interface ListIncidentsResponse {
  readonly incidents: readonly Incident[];
  readonly nextPageToken: string;
}
export interface ListWorkloadsResponse {
  readonly workloads: readonly WorkloadSummary[];
  readonly nextPageToken: string;
  readonly total: number;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
}
export interface MissingEvidence {
  readonly part: string;
  readonly code: string;
  readonly detail: string;
}
export interface MissingPart {
  readonly part: string;
  readonly reason: string;
}
export interface ObjectFault {
  readonly id: string;
  readonly mechanism: string;
  readonly object: ObjectReference | null;
  readonly field: string;
  readonly target: ObjectReference | null;
  readonly targetKey: string;
  readonly since: string | null;
  readonly endedAt: string | null;
  readonly affected: number;
  readonly total: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly changedBy: FaultChange | null;
  readonly text: string;
}
export interface ObjectReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}
export interface Owner {
  readonly team: string;
  readonly contact: string;
  readonly why: string;
}
export interface PastRemediation {
  readonly kind: string;
  readonly target: string;
  readonly worked: boolean;
  readonly minutes: number;
  readonly text: string;
}
export interface Pod {
  readonly name: string;
  readonly node: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}
export interface Refutation {
  readonly test: string;
  readonly result: string;
}
export interface RejectedCause {
  readonly service: string;
  readonly actor: string;
  readonly at: string | null;
}
export interface Remediation {
  readonly kind: string;
  readonly target: string;
  readonly worked: boolean;
  readonly actor: string;
  readonly at: string | null;
  readonly doneAt: string | null;
  readonly text: string;
}
export interface ReplayDeadLettersResponse {
  readonly replayed: number;
  readonly results: readonly DeadLetterReplay[];
}
export interface ResourceUse {
  readonly request: number;
  readonly limit: number;
  readonly p95: number;
  readonly max: number;
  readonly recommendedRequest: number;
  readonly recommendedLimit: number;
  readonly recommendedLower: number;
  readonly recommendedUpper: number;
}
export interface Rightsizing {
  readonly workload: WorkloadReference | null;
  readonly environment: string;
  readonly container: string;
  readonly team: string;
  readonly replicas: number;
  readonly idleReplicas: number;
  readonly cpu: ResourceUse | null;
  readonly memory: ResourceUse | null;
  readonly throttledShare: number;
  readonly oomKills: number;
  readonly dataHours: number;
  readonly neededHours: number;
  readonly method: string;
  readonly reasons: readonly string[];
  readonly freeable: RightsizingTotals | null;
}
export interface RightsizingTotals {
  readonly freeableCores: number;
  readonly freeableGib: number;
  readonly monthlyPrice: number;
  readonly currency: string;
}
export interface Rollout {
  readonly state: string;
  readonly reason: string;
  readonly updated: number;
  readonly available: number;
  readonly desired: number;
  readonly at: string | null;
}
export interface Runbook {
  readonly title: string;
  readonly url: string;
}
export interface Scope {
  readonly tenant: string;
  readonly environment: string;
}
export interface SeenIn {
  readonly environment: string;
  readonly names: readonly string[];
}
export interface SimilarIncident {
  readonly incidentId: string;
  readonly similarity: number;
  readonly cause: string;
  readonly resolution: string;
  readonly minutesToRecovery: number;
  readonly resolvedAt: string | null;
  readonly shared: readonly string[];
  readonly remediations: readonly PastRemediation[];
}
export interface TimelineEntry {
  readonly at: string | null;
  readonly kind: string;
  readonly text: string;
}
export interface Triage {
  readonly level: string;
  readonly impact: string;
  readonly severity: string;
  readonly reasons: readonly TriageReason[];
  readonly at: string | null;
  readonly text: string;
}
export interface TriageReason {
  readonly code: string;
  readonly detail: string;
}
export interface WatchIncidentsResponse {
  readonly resumeToken: string;
  readonly incident: Incident | null;
  readonly retiredId: string;
  readonly caughtUp: boolean;
}
export interface Workload {
  readonly summary: WorkloadSummary | null;
  readonly answer: string;
  readonly findings: readonly Finding[];
  readonly pastFindings: readonly Finding[];
  readonly rollouts: readonly Change[];
  readonly changes: readonly Change[];
  readonly pods: readonly Pod[];
  readonly drift: readonly Drift[];
  readonly rightsizing: readonly Rightsizing[];
  readonly incidentIds: readonly string[];
  readonly missing: readonly MissingPart[];
  readonly commit: string;
  readonly contact: string;
  readonly runbookUrl: string;
}
export interface WorkloadHealth {
  readonly state: string;
  readonly desired: number;
  readonly pods: number;
  readonly affected: number;
  readonly since: string | null;
}
export interface WorkloadReference {
  readonly cluster: string;
  readonly object: ObjectReference | null;
}
export interface WorkloadSummary {
  readonly workload: WorkloadReference | null;
  readonly environment: string;
  readonly service: string;
  readonly team: string;
  readonly health: WorkloadHealth | null;
  readonly images: readonly ContainerImage[];
  readonly problem: string;
  readonly findings: number;
  readonly lastChangedAt: string | null;
}
/** Cause kinds as people read them. */
export const causeWords: Readonly<Record<string, string>> = {
  cpu: 'out of CPU',
  memory: 'short of memory',
  disk: 'slow or full disk',
  network: 'network problem',
  dns: 'DNS failing',
  error: 'returning errors',
  latency: 'slow',
  down: 'down',
  pool: 'connection pool exhausted',
  queue: 'queue backing up',
  dependency: 'external dependency failing',
  code: 'code fault',
  config: 'configuration fault',
  credential: 'credentials rejected',
  traffic: 'overloaded by traffic',
  node: 'node problem',
  zone: 'zone problem',
  blind: 'sends no telemetry',
};
/** Incidents of the same minutes are counted up to this number. */
export const maxConcurrent = 20;
