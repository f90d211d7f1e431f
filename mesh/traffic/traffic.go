// Package traffic runs a canary on Kubernetes under Istio: a second Deployment,
// its subset in the DestinationRule, and its share in the VirtualService.
//
// The order is what keeps requests whole. Going in: the pods are ready, then the
// subset is there, then every gateway has it, then the share. Coming out: no
// share, then no gateway sends there and the last request is answered, then no
// subset, then no pods. Each step looks before it acts, so that a command that
// was ended half-way is finished by giving it again.
//
// This is the only room that imports the clients of Kubernetes and Istio.
package traffic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
)

const (
	// Manager is the field manager of every change, as managedFields show it.
	Manager = "techanalysis-canary"

	// Annotation of the canary's Deployment has what is known of the canary, so
	// that any later command can go on with it.
	Annotation = "gravitywavesml.github.io/canary"

	// Header forces the canary when it has the value Always.
	Header = "x-canary"
	Always = "always"

	// VersionLabel of the pods tells the versions apart.
	VersionLabel = "version"
	Stable       = "stable"
	Canary       = "canary"
)

// What a caller may have done wrong, or the canary.
var (
	// ErrNone is that there is no canary.
	ErrNone = errors.New("there is no canary")
	// ErrRefused is that what was asked does not fit what is there.
	ErrRefused = errors.New("refused")
	// ErrFailed is that the new version does not come up; the text says why.
	ErrFailed = errors.New("the new version does not come up")
)

// Names are those of the objects, in one namespace.
type Names struct {
	Namespace       string
	Deployment      string // the stable one; the canary's has -canary at its end
	Service         string
	VirtualService  string
	DestinationRule string
}

// DefaultNames are the ones of k8s/ and istio/.
func DefaultNames(namespace string) Names {
	return Names{
		Namespace:       namespace,
		Deployment:      "technical-analysis",
		Service:         "technical-analysis-service",
		VirtualService:  "technical-analysis",
		DestinationRule: "technical-analysis",
	}
}

func (n Names) canary() string { return n.Deployment + "-canary" }

// Intent is what was last asked for.
type Intent string

// The intents.
const (
	Starting  Intent = "start"
	Promoting Intent = "promote"
	Aborting  Intent = "abort"
)

// record is what the annotation keeps.
type record struct {
	Intent      Intent        `json:"intent"`
	Weight      int32         `json:"weight"` // percent, asked for
	Since       time.Time     `json:"since,omitzero"`
	StableImage string        `json:"stable_image"`       // to go back to
	Shared      bool          `json:"shared,omitempty"`   // the mesh may know of the canary
	Promoted    bool          `json:"promoted,omitempty"` // the stable Deployment was given the canary's image
	Reason      string        `json:"reason,omitempty"`   // of an abort
	Policy      canary.Policy `json:"policy"`
}

// State is a canary as it is.
type State struct {
	Intent      Intent        `json:"intent"`
	Image       string        `json:"image"`
	StableImage string        `json:"stable_image"` // that the stable Deployment has now
	Wanted      int32         `json:"wanted"`       // percent that were asked for
	Weight      int32         `json:"weight"`       // percent in the VirtualService now
	Since       time.Time     `json:"since,omitzero"`
	Replicas    int32         `json:"replicas"`
	Ready       int32         `json:"ready"`
	Restarts    int           `json:"restarts"`
	Trouble     string        `json:"trouble,omitempty"` // of its pods
	Reason      string        `json:"reason,omitempty"`  // of an abort
	Policy      canary.Policy `json:"policy"`
}

// Traffic moves the traffic of one service.
type Traffic struct {
	*clients
	names   Names
	proxies Proxies
	say     func(step string)

	poll    time.Duration // between two looks
	settle  time.Duration // that the gateways may take to have a change
	drain   time.Duration // that the last requests may take
	rollout time.Duration // that pods may take to be ready
}

// New finds the cluster of a kubeconfig file, or of several as the variable
// KUBECONFIG lists them, or the usual one if it is empty; it does not call it.
// Say is told each step that is taken.
func New(kubeconfig string, n Names, say func(step string)) (*Traffic, error) {
	c, err := connect(kubeconfig)
	if err != nil {
		return nil, err
	}
	c.open(n.Namespace)
	return &Traffic{
		clients: c, names: n, say: say,
		proxies: gateways{c, n},
		poll:    500 * time.Millisecond,
		settle:  time.Minute,
		drain:   2 * time.Minute,
		rollout: 5 * time.Minute,
	}, nil
}

// State reads the canary. ErrNone if there is none.
func (t *Traffic) State(ctx context.Context) (State, error) {
	d, r, err := t.canary(ctx)
	if err != nil {
		return State{}, err
	}
	s := State{
		Intent: r.Intent, Image: image(d), Wanted: r.Weight, Since: r.Since, Reason: r.Reason, Policy: r.Policy,
		Replicas: replicas(d), Ready: d.Status.ReadyReplicas,
	}
	stable, err := t.deployments.Get(ctx, t.names.Deployment, metav1.GetOptions{})
	if err != nil {
		return State{}, fmt.Errorf("read the stable Deployment: %w", err)
	}
	s.StableImage = image(stable)
	vs, err := t.virtualServices.Get(ctx, t.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		return State{}, fmt.Errorf("read the VirtualService: %w", err)
	}
	s.Weight = t.names.weight(&vs.Spec)
	pods, err := t.podsOf(ctx, d)
	if err != nil {
		return State{}, err
	}
	for _, p := range pods {
		for _, c := range p.Status.ContainerStatuses {
			s.Restarts += int(c.RestartCount)
		}
	}
	s.Trouble, _ = trouble(d, pods)
	return s, nil
}

// canary reads the canary's Deployment and what its annotation keeps.
func (t *Traffic) canary(ctx context.Context) (*appsv1.Deployment, record, error) {
	d, err := t.deployments.Get(ctx, t.names.canary(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, record{}, ErrNone
	}
	if err != nil {
		return nil, record{}, fmt.Errorf("read the canary's Deployment: %w", err)
	}
	var r record
	if err := json.Unmarshal([]byte(d.Annotations[Annotation]), &r); err != nil {
		return nil, record{}, fmt.Errorf("%w: Deployment %s was not made by this command: its annotation %s is no record of a canary", ErrRefused, d.Name, Annotation)
	}
	return d, r, nil
}

// keep changes what the annotation keeps.
func (t *Traffic) keep(ctx context.Context, change func(*record)) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		d, r, err := t.canary(ctx)
		if err != nil {
			return err
		}
		before := r
		change(&r)
		if r == before {
			return nil
		}
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		patch := map[string]any{"metadata": map[string]any{
			"resourceVersion": d.ResourceVersion,
			"annotations":     map[string]string{Annotation: string(text)},
		}}
		return t.patchDeployment(ctx, d.Name, patch)
	})
	if err != nil {
		return fmt.Errorf("write what is known of the canary: %w", err)
	}
	return nil
}

// patchDeployment merges a patch into a Deployment; one that names a resource
// version is refused as a conflict when the object has changed since.
func (t *Traffic) patchDeployment(ctx context.Context, name string, patch map[string]any) error {
	text, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = t.deployments.Patch(ctx, name, types.StrategicMergePatchType, text, metav1.PatchOptions{FieldManager: Manager})
	return err
}

// podsOf are the pods of a Deployment.
func (t *Traffic) podsOf(ctx context.Context, d *appsv1.Deployment) ([]corev1.Pod, error) {
	list, err := t.pods.List(ctx, metav1.ListOptions{LabelSelector: metav1.FormatLabelSelector(d.Spec.Selector)})
	if err != nil {
		return nil, fmt.Errorf("list the pods of %s: %w", d.Name, err)
	}
	return list.Items, nil
}

// errLate is that something took longer than it may.
var errLate = errors.New("not")

// until looks again and again, until look is done or fails, or the time is up;
// then the error says what was seen last.
func (t *Traffic) until(ctx context.Context, what string, limit time.Duration, look func() (done bool, seen string, err error)) error {
	t.say("waiting: " + what)
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	ticker := time.NewTicker(t.poll)
	defer ticker.Stop()
	for {
		done, seen, err := look()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return fmt.Errorf("%s: %w after %s: %s", what, errLate, limit, seen)
		case <-ticker.C:
		}
	}
}
