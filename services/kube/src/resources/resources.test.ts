import { describe, expect, it } from 'vitest';
import { kubeConfig } from '../config.ts';
import { describeAccess } from './manifest.ts';
import { rulesFor } from './rbac.ts';
import { kindsFor, listPath, resourceKinds, resourceName } from './table.ts';

describe('the table of kinds', () => {
  it('has each resource once, and a path for it', () => {
    const names = resourceKinds.map(resourceName);
    expect(new Set(names).size).toBe(names.length);
    expect(resourceKinds.map(listPath)).toContain('/api/v1/pods');
    expect(resourceKinds.map(listPath)).toContain('/apis/apps/v1/deployments');
  });

  it('leaves out what a setting leaves out, and refuses names that it does not know', () => {
    expect(kindsFor(['changes'], ['secrets']).map(resourceName)).not.toContain('secrets');
    expect(kindsFor(['changes']).map(resourceName)).toContain('secrets');
    expect(kubeConfig.safeParse({ leftOut: ['secret'] }).success).toBe(false);
  });
});

describe('the rights', () => {
  it('cover every kind and no other', () => {
    const granted = rulesFor(resourceKinds).flatMap(({ apiGroups: [group = ''], resources }) =>
      resources.map((plural) => resourceName({ group, plural })),
    );
    expect([...granted].sort()).toEqual(resourceKinds.map(resourceName).sort());
  });

  it('let nothing be written but a Lease', () => {
    const verbs = describeAccess().match(/verbs: .*/g) ?? [];
    const writing = verbs.filter((line) => line !== 'verbs: [get, list, watch]');
    expect(writing).toEqual(['verbs: [get, create, update]']);
    expect(describeAccess()).toMatch(/resources: \[leases\]\n\s+verbs: \[get, create, update\]/);
  });
});
