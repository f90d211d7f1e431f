package vault

import "time"

// A lease is how long a token of Vault lives.
type lease struct {
	begun     time.Time     // when this life began: at login, or at the last renewal
	life      time.Duration // 0: it never ends
	full      time.Duration // the life that the login gave
	renewable bool
}

// What a lease asks for.
type need int

const (
	nothing need = iota
	renewal
	login
)

// due is when the lease is renewed: two thirds into its life, or up to a tenth
// of its life sooner, so that replicas that began together do not come
// together. spread is 0 to 1. The zero time is never.
func (l lease) due(spread float64) time.Time {
	if l.life == 0 {
		return time.Time{}
	}
	return l.begun.Add(l.life*2/3 - time.Duration(spread*float64(l.life)/10))
}

// needs decides what to do with the token now. A token near the end of its
// greatest life is renewed to ever shorter lives: under half of the first one it
// is time for another.
func (l lease) needs(now time.Time, spread float64) need {
	switch {
	case l.life == 0 || now.Before(l.due(spread)):
		return nothing
	case l.renewable && l.life >= l.full/2 && now.Before(l.begun.Add(l.life)):
		return renewal
	}
	return login
}

// Vault's return is noticed within 5 s: an attempt that began just before it
// ends after attempt at the latest, and the next begins after at most longest.
const (
	attempt  = 2500 * time.Millisecond
	shortest = 250 * time.Millisecond
	longest  = 2 * time.Second
)

// backoff is how long to wait after so many failures in a row: doubled each
// time up to longest, and of that between half and all. spread is 0 to 1.
func backoff(failures int, spread float64) time.Duration {
	wait := longest
	if failures < 4 { // 250 ms · 2³ = 2 s
		wait = shortest << max(failures-1, 0)
	}
	return wait/2 + time.Duration(spread*float64(wait)/2)
}
