# What the service may do: read its own two secrets. Vault's default policy,
# which every token has, lets it renew and give back its own token.
path "secret/data/technical-analysis/jwt" {
  capabilities = ["read"]
}

path "secret/data/technical-analysis/redis" {
  capabilities = ["read"]
}
