package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// announcePatience is how long a version that is to be active is held back for
// the replicas to load it: compiling a module of a large tier takes seconds.
const announcePatience = 5 * time.Second

// verdict is what a replica says of a version that was announced.
type verdict struct {
	Digest  string   `json:"digest"`
	Refused *Refusal `json:"refused,omitempty"`
}

// Announce implements Store. It counts the replicas that the announcement
// reached, and waits for as many verdicts. A replica that has gone since, or is
// slow, is not waited for longer than announcePatience: it loads the version
// when it finds it in the table, and may refuse it then. So is every failure of
// Redis here: the change that follows will meet it, too.
func (s *Redis) Announce(ctx context.Context, digest string) error {
	var refused *Refusal
	err := s.conn.use(ctx, s.patience, func(ctx context.Context, client *redis.Client) error {
		verdicts := client.Subscribe(ctx, s.verdicts)
		defer verdicts.Close()
		if _, err := verdicts.Receive(ctx); err != nil { // it has subscribed
			return err
		}
		reached, err := client.Publish(ctx, s.announced, digest).Result()
		if err != nil {
			return err
		}
		for refused == nil && reached > 0 {
			m, err := verdicts.ReceiveMessage(ctx)
			if err != nil {
				return err
			}
			var v verdict
			if json.Unmarshal([]byte(m.Payload), &v) == nil && v.Digest == digest {
				reached--
				refused = v.Refused
			}
		}
		return nil
	})
	if refused != nil {
		return refused.rejected()
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("wait for the replicas: %w", ctx.Err())
	}
	return nil
}

// say publishes what this replica made of an announcement.
func (s *Redis) say(ctx context.Context, digest string, err error) {
	b, err := json.Marshal(verdict{digest, refusalOf(err)})
	if err != nil {
		return
	}
	// Who announced it waits in vain, and not for long.
	_ = s.conn.use(ctx, callTimeout, func(ctx context.Context, client *redis.Client) error {
		return client.Publish(ctx, s.verdicts, b).Err()
	})
}

// prepare loads a version that another replica is about to activate, so that it
// answers here as soon as it does there. The error is a *wasm.Rejected, or
// ErrConflict, for one that cannot run here. While it is compiled a Sync goes on:
// what was acknowledged meanwhile does not wait for it.
func (l *Library) prepare(ctx context.Context, digest string) error {
	if err := l.one.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	held := l.held(digest) != nil
	l.one.Release(1)
	if held {
		return nil
	}
	b, err := l.store.Module(ctx, digest)
	if err != nil {
		return err
	}
	m, err := l.judge(admission.WithOwn(ctx, itself), b)
	if err != nil {
		return err
	}
	if l.registry.Reserved(m.Spec().Name) {
		m.Close()
		return fmt.Errorf("%w: %s is the name of a native indicator", ErrConflict, m.Spec().Name)
	}
	_, err = l.spare(ctx, m)
	return err
}

// spare has a module that was loaded among the spares, and returns the one that
// stays where others have loaded it too.
func (l *Library) spare(ctx context.Context, m *wasm.Module) (*wasm.Module, error) {
	if err := l.one.Acquire(ctx, 1); err != nil {
		m.Close()
		return nil, fmt.Errorf("wait for another change of the plugins: %w", err)
	}
	defer l.one.Release(1)
	m = l.hold(m)
	l.trim()
	return m, nil
}
