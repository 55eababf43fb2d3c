package main

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// The kinds that we use, with their Kubernetes types. Any other kind is a problem. Kinds of operators are only printed.
var kinds = map[string]func() any{
	"v1/Namespace":                                    func() any { return &corev1.Namespace{} },
	"v1/ServiceAccount":                               func() any { return &corev1.ServiceAccount{} },
	"v1/ConfigMap":                                    func() any { return &corev1.ConfigMap{} },
	"v1/Service":                                      func() any { return &corev1.Service{} },
	"apps/v1/Deployment":                              func() any { return &appsv1.Deployment{} },
	"apps/v1/StatefulSet":                             func() any { return &appsv1.StatefulSet{} },
	"policy/v1/PodDisruptionBudget":                   func() any { return &policyv1.PodDisruptionBudget{} },
	"networking.k8s.io/v1/NetworkPolicy":              func() any { return &networkingv1.NetworkPolicy{} },
	"rbac.authorization.k8s.io/v1/ClusterRole":        func() any { return &rbacv1.ClusterRole{} },
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": func() any { return &rbacv1.ClusterRoleBinding{} },
	"rbac.authorization.k8s.io/v1/Role":               func() any { return &rbacv1.Role{} },
	"rbac.authorization.k8s.io/v1/RoleBinding":        func() any { return &rbacv1.RoleBinding{} },
	"autoscaling/v2/HorizontalPodAutoscaler":          func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
}

var ofOperators = map[string]bool{
	"keda.sh/v1alpha1": true, "kafka.strimzi.io/v1": true, "clickhouse.altinity.com/v1": true, "clickhouse-keeper.altinity.com/v1": true,
}

func readKustomization(folder string) (Answer, error) {
	rendered, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return Answer{}, err
	}
	restricted, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Objects: []any{}, Problems: []string{}}
	for _, one := range rendered.Resources() {
		object, err := one.Map()
		if err != nil {
			return Answer{}, err
		}
		answer.Objects = append(answer.Objects, object)
		answer.Problems = append(answer.Problems, problemsOf(one, restricted)...)
	}
	return answer, nil
}

func problemsOf(one *resource.Resource, restricted policy.Evaluator) []string {
	name := fmt.Sprintf("%s %s", one.GetKind(), one.GetName())
	create, known := kinds[one.GetApiVersion()+"/"+one.GetKind()]
	if !known {
		if ofOperators[one.GetApiVersion()] {
			return nil
		}
		return []string{name + ": a kind that nobody here knows"}
	}
	object := create()
	text, err := one.AsYAML()
	if err != nil {
		return []string{name + ": " + err.Error()}
	}
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		return []string{name + ": " + err.Error()}
	}
	return refusals(name, object, restricted)
}

func refusals(name string, object any, restricted policy.Evaluator) []string {
	var template *corev1.PodTemplateSpec
	switch workload := object.(type) {
	case *appsv1.Deployment:
		template = &workload.Spec.Template
	case *appsv1.StatefulSet:
		template = &workload.Spec.Template
	default:
		return nil
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	found := []string{}
	for _, result := range restricted.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
		if !result.Allowed {
			found = append(found, fmt.Sprintf("%s: not restricted: %s: %s", name, result.ForbiddenReason, result.ForbiddenDetail))
		}
	}
	return found
}
