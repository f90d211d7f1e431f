package main

import (
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host"
)

// addRedis adds the settings of the shared store of plugins.
func addRedis(f *pflag.FlagSet, c *host.Config) {
	f.StringVar(&c.RedisAddr, "redis-addr", "", "`HOST:PORT` of the Redis in which replicas share their plugins; none keeps them in the data directory")
	f.StringVar(&c.RedisPrefix, "redis-prefix", "ta:", "`PREFIX` of every key and channel in Redis")
	f.StringVar(&c.RedisUsername, "redis-username", "", "`USER` of Redis; none: the one that Vault has, else the default user")
	f.StringVar(&c.RedisPassword, "redis-password", "", "`PASSWORD` of that user; set it by the environment, where no list of processes shows it")
}
