import { expect, it } from 'vitest';
import { isLocalClusterName, isPlaceholder } from './names.ts';

it.each(['in-cluster', 'https://kubernetes.default.svc', 'https://kubernetes.default.svc:443/', 'kubernetes.default'])(
  '%s names no cluster, as each cluster has this name for itself',
  (name) => {
    expect(isLocalClusterName(name)).toBe(true);
    expect(isPlaceholder(name, 'cluster')).toBe(true);
    expect(isPlaceholder(name, 'service')).toBe(false);
  },
);

it.each(['east', 'in-cluster-2', 'https://kubernetes.default.example'])('%s names a cluster', (name) => {
  expect(isLocalClusterName(name)).toBe(false);
});
