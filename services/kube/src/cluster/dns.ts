/** The DNS of a cluster: every service of it looks up names there. */
import type { ObservedObject } from '../decode/object.ts';

/** kubeadm, kops, GKE, EKS and AKS name the Service `kube-dns`, also where CoreDNS answers. Others keep its label. */
export function isClusterDns({ reference, labels }: Pick<ObservedObject, 'reference' | 'labels'>): boolean {
  if (reference.kind !== 'Service' || reference.namespace !== 'kube-system') return false;
  return reference.name === 'kube-dns' || labels['k8s-app'] === 'kube-dns';
}
