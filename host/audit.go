package host

import (
	"os"
	"path/filepath"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// What metrics and the log call the audit logs.
const (
	serviceLog = "service" // of all replicas, or of the one process there is
	replicaLog = "replica" // of this process, beside that of all
)

// openAudit opens the audit log of this process. One that cannot be written does
// not keep the service from computing: it keeps it from changing plugins.
func (h *Host) openAudit() {
	name := serviceLog
	if h.config.RedisAddr != "" {
		name = replicaLog
		h.metrics.AuditLog(serviceLog)
	}
	h.metrics.AuditLog(name)
	h.own = audit.OpenFile(filepath.Join(h.config.DataDir, "audit"), replica(), h.audited(name))
	if err := h.own.Err(); err != nil {
		h.log.Error("audit log not open", "log", name, "error", err)
	}
}

// audited tells the operator of an entry of an audit log: where the log of the
// service is collected, each line of it is a head of the audit log that who can
// write that one cannot change.
func (h *Host) audited(name string) func(audit.Entry, error) {
	return func(e audit.Entry, err error) {
		h.metrics.Audited(name, e.Seq, err)
		switch {
		case err != nil:
			h.log.Error("audit entry not written", "log", name, "action", e.Action, "outcome", e.Outcome,
				"principal", e.Principal, "plugin", e.Plugin, "digest", e.Digest, "request_id", e.Request, "error", err)
		case e.Action == audit.Resume || e.Action == audit.Repair:
			h.log.Warn("audit log mended", "log", name, "action", e.Action, "detail", e.Detail, "after", e.After, "seq", e.Seq, "hash", e.Hash)
		default:
			h.log.Info("audit entry", "log", name, "action", e.Action, "seq", e.Seq, "hash", e.Hash)
		}
	}
}

// checkAudit shows whether the audit log of this process can be written; that of
// all replicas is where the plugins are.
func (h *Host) checkAudit(r *rest.Readiness) {
	say := "ok"
	if h.own.Err() != nil {
		say = "it cannot be written, the log says why; where plugins are not shared none can be changed until it can"
	}
	r.Say("audit", say)
}

// replica names this process: in a pod, the pod.
func replica() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
