package traffic

import (
	"fmt"
	"path/filepath"

	networking "istio.io/client-go/pkg/clientset/versioned/typed/networking/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/gentype"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// clients are the few kinds that a canary needs. The clientset of Kubernetes
// has every kind, and would add 13 MB to the binary.
type clients struct {
	config *rest.Config
	apps   rest.Interface
	core   rest.Interface
	params runtime.ParameterCodec

	deployments *gentype.ClientWithList[*appsv1.Deployment, *appsv1.DeploymentList]
	pods        *gentype.ClientWithList[*corev1.Pod, *corev1.PodList]

	mesh             *networking.NetworkingV1Client
	virtualServices  networking.VirtualServiceInterface
	destinationRules networking.DestinationRuleInterface
}

// connect reads the kubeconfig file, or several as KUBECONFIG lists them, or the
// usual one where it is empty, or the service account of the pod that this runs
// in. It does not call.
func connect(kubeconfig string) (*clients, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	if files := filepath.SplitList(kubeconfig); len(files) > 1 {
		rules.Precedence = files
	} else {
		rules.ExplicitPath = kubeconfig
	}
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("find the cluster: %w", err)
	}
	config.QPS, config.Burst = 50, 100
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	codecs := serializer.NewCodecFactory(scheme)
	c := &clients{config: config, params: runtime.NewParameterCodec(scheme)}
	if c.apps, err = client(config, appsv1.SchemeGroupVersion, "/apis", codecs); err != nil {
		return nil, err
	}
	if c.core, err = client(config, corev1.SchemeGroupVersion, "/api", codecs); err != nil {
		return nil, err
	}
	if c.mesh, err = networking.NewForConfig(config); err != nil {
		return nil, fmt.Errorf("make a client of Istio: %w", err)
	}
	return c, nil
}

func client(config *rest.Config, of schema.GroupVersion, path string, codecs serializer.CodecFactory) (rest.Interface, error) {
	c := rest.CopyConfig(config)
	c.GroupVersion, c.APIPath, c.NegotiatedSerializer = &of, path, codecs.WithoutConversion()
	r, err := rest.RESTClientFor(c)
	if err != nil {
		return nil, fmt.Errorf("make a client of %s: %w", of, err)
	}
	return r, nil
}

// open makes the clients of one namespace.
func (c *clients) open(namespace string) {
	c.deployments = gentype.NewClientWithList("deployments", c.apps, c.params, namespace,
		func() *appsv1.Deployment { return new(appsv1.Deployment) }, func() *appsv1.DeploymentList { return new(appsv1.DeploymentList) })
	c.pods = c.podsIn(namespace)
	c.virtualServices = c.mesh.VirtualServices(namespace)
	c.destinationRules = c.mesh.DestinationRules(namespace)
}

// podsIn are the pods of a namespace, of all where it is empty.
func (c *clients) podsIn(namespace string) *gentype.ClientWithList[*corev1.Pod, *corev1.PodList] {
	return gentype.NewClientWithList("pods", c.core, c.params, namespace,
		func() *corev1.Pod { return new(corev1.Pod) }, func() *corev1.PodList { return new(corev1.PodList) })
}
