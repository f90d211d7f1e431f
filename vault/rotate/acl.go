package rotate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ACL is the users of a Redis, as its administrator reaches them.
type ACL struct{ client *redis.Client }

// NewACL returns the users of the Redis at addr; it does not call it.
func NewACL(addr, username, password string) *ACL {
	return &ACL{redis.NewClient(&redis.Options{Addr: addr, Username: username, Password: password, DisableIdentity: true})}
}

// Close closes the connections.
func (a *ACL) Close() error { return a.client.Close() }

// errNoUser is what an error about a missing user is.
var errNoUser = errors.New("there is no such user at Redis; techanalysis vault bootstrap makes it")

// user is what ACL GETUSER answers.
func (a *ACL) user(ctx context.Context, name string) (map[any]any, error) {
	answer, err := a.client.Do(ctx, "ACL", "GETUSER", name).Result()
	if errors.Is(err, redis.Nil) {
		return nil, errNoUser
	}
	if err != nil {
		return nil, err
	}
	fields, ok := answer.(map[any]any)
	if !ok {
		return nil, fmt.Errorf("ACL GETUSER answers a %T", answer)
	}
	return fields, nil
}

// Hashes are the SHA-256 of each password.
func (a *ACL) Hashes(ctx context.Context, name string) ([]string, error) {
	user, err := a.user(ctx, name)
	if err != nil {
		return nil, err
	}
	list, _ := user["passwords"].([]any)
	hashes := make([]string, len(list))
	for i, item := range list {
		hashes[i] = fmt.Sprint(item)
	}
	return hashes, nil
}

// Add adds a password.
func (a *ACL) Add(ctx context.Context, name, password string) error {
	return a.set(ctx, name, "#"+hash(password))
}

// Only makes it the only password.
func (a *ACL) Only(ctx context.Context, name, password string) error {
	return a.set(ctx, name, "resetpass", "#"+hash(password))
}

// Ensure makes the user with rules (~ta:* +get ...) and the password, and says
// whether that changed anything. Rules are told apart by what Redis makes of
// them; other passwords of the user stay.
func (a *ACL) Ensure(ctx context.Context, name, password, rules string) (bool, error) {
	before, err := a.line(ctx, name)
	if err != nil {
		return false, err
	}
	asked := append([]string{"on", "resetkeys", "resetchannels", "-@all"}, strings.Fields(rules)...)
	if err := a.apply(ctx, name, append(asked, "#"+hash(password))...); err != nil {
		return false, err
	}
	after, err := a.line(ctx, name)
	if err != nil || before == after {
		return false, err
	}
	return true, a.save(ctx)
}

// line is the user's line of ACL LIST, or "".
func (a *ACL) line(ctx context.Context, name string) (string, error) {
	lines, err := a.client.ACLList(ctx).Result()
	if err != nil {
		return "", err
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "user "+name+" ") {
			return line, nil
		}
	}
	return "", nil
}

func (a *ACL) set(ctx context.Context, name string, rules ...string) error {
	if err := a.apply(ctx, name, rules...); err != nil {
		return err
	}
	return a.save(ctx)
}

func (a *ACL) apply(ctx context.Context, name string, rules ...string) error {
	return a.client.ACLSetUser(ctx, name, rules...).Err()
}

// save writes the users to Redis's ACL file, that they survive a restart. A
// Redis whose users are in its own configuration has none.
func (a *ACL) save(ctx context.Context) error {
	err := a.client.Do(ctx, "ACL", "SAVE").Err()
	if err != nil && strings.Contains(err.Error(), "not configured to use an ACL file") {
		return nil
	}
	return err
}
