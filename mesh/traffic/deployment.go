package traffic

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
)

// container is the index of the container that is the service: the one with the
// Deployment's name, -canary aside, or the first.
func container(d *appsv1.Deployment) int {
	name := strings.TrimSuffix(d.Name, "-"+Canary)
	return max(0, slices.IndexFunc(d.Spec.Template.Spec.Containers, func(c corev1.Container) bool { return c.Name == name }))
}

func image(d *appsv1.Deployment) string { return d.Spec.Template.Spec.Containers[container(d)].Image }

// replicas are those that a Deployment wants.
func replicas(d *appsv1.Deployment) int32 {
	if d.Spec.Replicas == nil {
		return 1
	}
	return *d.Spec.Replicas
}

// fit is the number of replicas that carry weight percent as the stable ones
// carry the whole: rounded up, one at least.
func fit(stable *appsv1.Deployment, weight int32) int32 {
	return max(1, (replicas(stable)*weight+99)/100)
}

// clone is the stable Deployment with another image, name and version.
func (n Names) clone(stable *appsv1.Deployment, image string, count int32) (*appsv1.Deployment, error) {
	if stable.Spec.Selector == nil || stable.Spec.Selector.MatchLabels[VersionLabel] != Stable || stable.Spec.Template.Labels[VersionLabel] != Stable {
		return nil, fmt.Errorf("%w: the selector and the pods of Deployment %s must have the label %s=%s, or its autoscaler counts the canary's pods as its own",
			ErrRefused, stable.Name, VersionLabel, Stable)
	}
	d := &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: n.canary(), Namespace: stable.Namespace, Labels: maps.Clone(stable.Labels), Annotations: map[string]string{}},
		Spec:       *stable.Spec.DeepCopy(),
	}
	d.Spec.Replicas = &count
	d.Spec.Paused = false
	d.Spec.Template.Spec.Containers[container(stable)].Image = image
	// kubectl leaves the time of a restart in the template; the canary had none.
	delete(d.Spec.Template.Annotations, "kubectl.kubernetes.io/restartedAt")

	labels := []map[string]string{d.Labels, d.Spec.Template.Labels}
	selectors := []*metav1.LabelSelector{d.Spec.Selector}
	pod := &d.Spec.Template.Spec
	for i := range pod.TopologySpreadConstraints {
		selectors = append(selectors, pod.TopologySpreadConstraints[i].LabelSelector)
	}
	if pod.Affinity != nil && pod.Affinity.PodAntiAffinity != nil {
		for i := range pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
			selectors = append(selectors, pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[i].LabelSelector)
		}
		for i := range pod.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
			selectors = append(selectors, pod.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution[i].PodAffinityTerm.LabelSelector)
		}
	}
	for _, s := range selectors {
		if s != nil {
			labels = append(labels, s.MatchLabels)
		}
	}
	for _, l := range labels {
		if l[VersionLabel] == Stable {
			l[VersionLabel] = Canary
		}
	}
	return d, nil
}

// setImage gives the stable Deployment an image.
func (t *Traffic) setImage(ctx context.Context, to string) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		d, err := t.deployments.Get(ctx, t.names.Deployment, metav1.GetOptions{})
		if err != nil || image(d) == to {
			return err
		}
		t.say("stable Deployment: image " + to)
		return t.patchDeployment(ctx, d.Name, map[string]any{
			"metadata": map[string]any{"resourceVersion": d.ResourceVersion},
			"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []map[string]any{
				{"name": d.Spec.Template.Spec.Containers[container(d)].Name, "image": to},
			}}}},
		})
	})
	if err != nil {
		return fmt.Errorf("give Deployment %s the image %s: %w", t.names.Deployment, to, err)
	}
	return nil
}

// rolledOut waits until every pod of a Deployment has its template and is
// available. An error that wraps ErrFailed says why that will not be.
func (t *Traffic) rolledOut(ctx context.Context, name string) error {
	err := t.until(ctx, "Deployment "+name+" is ready", t.rollout, func() (bool, string, error) {
		d, err := t.deployments.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, "", fmt.Errorf("read Deployment %s: %w", name, err)
		}
		want, s := replicas(d), d.Status
		if s.ObservedGeneration >= d.Generation && s.UpdatedReplicas == want && s.AvailableReplicas == want && s.Replicas == want {
			return true, "", nil
		}
		pods, err := t.podsOf(ctx, d)
		if err != nil {
			return false, "", err
		}
		why, final := trouble(d, pods)
		if final {
			return false, "", fmt.Errorf("%w: %s", ErrFailed, why)
		}
		if why == "" {
			why = fmt.Sprintf("%d of %d pods are available", s.AvailableReplicas, want)
		}
		return false, why, nil
	})
	if errors.Is(err, errLate) {
		return fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return err
}

// hopeless are the reasons for which a container waits that do not pass by
// themselves. ErrImagePull is not among them: one failed pull is tried again,
// and becomes ImagePullBackOff.
var hopeless = []string{
	"ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull",
	"CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError",
}

// trouble is what keeps the pods of a Deployment's present image from being
// ready, and whether it is final.
func trouble(d *appsv1.Deployment, pods []corev1.Pod) (why string, final bool) {
	for _, p := range pods {
		if p.DeletionTimestamp != nil || !slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool { return c.Image == image(d) }) {
			continue
		}
		for _, c := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
			w := c.State.Waiting
			if w == nil {
				continue
			}
			text := fmt.Sprintf("pod %s: container %s: %s", p.Name, c.Name, w.Reason)
			if w.Message != "" {
				text += ": " + w.Message
			}
			if last := c.LastTerminationState.Terminated; last != nil {
				text += fmt.Sprintf(" (it ended before with code %d, %s)", last.ExitCode, last.Reason)
			}
			if slices.Contains(hopeless, w.Reason) {
				return text, true
			}
			why = text
		}
		for _, c := range p.Status.Conditions {
			if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
				why = fmt.Sprintf("pod %s: %s: %s", p.Name, c.Reason, c.Message)
			}
		}
	}
	if d.Status.ObservedGeneration < d.Generation {
		return why, false // the conditions are of another template
	}
	for _, c := range d.Status.Conditions {
		switch {
		case c.Type == appsv1.DeploymentReplicaFailure && c.Status == corev1.ConditionTrue,
			c.Type == appsv1.DeploymentProgressing && c.Status == corev1.ConditionFalse:
			if why == "" {
				why = fmt.Sprintf("Deployment %s: %s: %s", d.Name, c.Reason, c.Message)
			}
			return why, true
		}
	}
	return why, false
}
