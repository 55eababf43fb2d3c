/** The error codes of the Kubernetes source. */
export const kubeErrors = {
  KUBE_NO_CREDENTIALS:
    'No kubeconfig and no service account was found, or the kubeconfig or a file that it names cannot be read. Set `kube.kubeconfig`, or run in a pod with a service account.',
  KUBE_UNAVAILABLE: 'The API server did not answer, or answered 429 or 5xx. Faultline tries again until it does.',
  KUBE_FORBIDDEN:
    'The API server refused to list a kind. Faultline goes on without it. Apply the ClusterRole of docs/kubernetes.md, or leave the kind out with `kube.leftOut`.',
  KUBE_GONE: 'The API server no longer has the version that a watch began at. The kind is listed again.',
  KUBE_OBJECT_FAILED:
    'An object of the cluster could not be handled: a bug. It is skipped, and the log line of the same time holds the cause.',
  KUBE_BAD_ANSWER:
    'The API server answered something that is no list and no watch event, or a watch event that is too large, or 404 for a kind of Kubernetes. Is it another server or a proxy, or older than Kubernetes 1.25?',
  KUBE_LIST_TOO_LARGE:
    'A list of the API server is larger than the process can hold. It is tried again every five minutes. Lower `kube.listPageSize` when one page was too large. Otherwise give the process more memory, or leave the kind out with `kube.leftOut`.',
} as const;
export type KubeErrorCode = keyof typeof kubeErrors;
