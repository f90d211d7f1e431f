// Package e2e tries the whole on a cluster: every way of use and every event an
// operator meets, under a steady load in which no request may fail. Its tests
// are behind the build tag e2e; `make e2e` builds and runs them against the
// cluster that KUBECONFIG names.
package e2e
