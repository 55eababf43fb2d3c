/** From the names that Kubernetes makes up to the name that a person gave: pods, runs of cron jobs, volume claims. */

/** Kubernetes draws suffixes from an alphabet without vowels and look-alikes (`rand.SafeEncodeString`). */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';
const podPatterns: readonly RegExp[] = [
  // A ReplicaSet's pod: the hash of its template, and five letters. Documents and tests write hexadecimal hashes, too.
  new RegExp(`^(.+)-${safe}{6,10}-${safe}{5}$`),
  /^(.+)-(?=[a-f]*\d)[0-9a-f]{8,10}-[a-z0-9]{5}$/,
  // A run of a CronJob: minutes since 1970, and five letters when it is the pod and not the job.
  new RegExp(`^(.+)-\\d{8,10}-${safe}{5}$`),
  /^(.+)-\d{1,4}$/,
  // A DaemonSet's or a Job's pod. A digit is asked for: five consonants may be a word.
  new RegExp(`^(.+)-(?=${safe}*\\d)${safe}{5}$`),
];

/** The workload of a pod; empty when the pod's name does not tell. */
export function workloadOfPod(pod: string): string {
  for (const pattern of podPatterns) {
    const name = pattern.exec(pod)?.[1];
    if (name !== undefined) return name;
  }
  return '';
}

/** The CronJob of a Job: `nightly-29123456` is nightly. Other jobs keep their name. */
export function cronJobOf(job: string): string {
  return job.replace(/-\d{8,10}$/, '');
}

/** The Deployment of a ReplicaSet. */
export function deploymentOf(replicaSet: string): string {
  return replicaSet.replace(new RegExp(`-${safe}{6,10}$`), '');
}

/** Names that charts give to the claim templates of a StatefulSet. */
const claimTemplate = /^(data|datadir|data-dir|storage|volume|vol|pvc|www|db|logs|config|wal|store)-(.+)$/;

/** The StatefulSet of a volume claim: `<template>-<set>-<ordinal>`. Claims that are named otherwise keep their name. */
export function workloadOfClaim(claim: string): string {
  const numbered = /^(.+)-\d{1,4}$/.exec(claim)?.[1];
  return numbered === undefined ? claim : (claimTemplate.exec(numbered)?.[2] ?? numbered);
}

/** The workload of an autoscaler or a disruption budget: KEDA writes `keda-hpa-cart`, people `cart-hpa` and `cart-pdb`. */
export function workloadOfGuard(name: string): string {
  return name.replace(/^keda-hpa-(?=.)/, '').replace(/(?<=.)-(hpa|pdb)$/, '');
}
