# What an operator may do who issues tokens and rotates secrets: read and write
# the service's secrets, and the key that signs, which nobody else can read.
path "secret/data/technical-analysis/jwt" {
  capabilities = ["create", "read", "update"]
}

path "secret/data/technical-analysis/redis" {
  capabilities = ["create", "read", "update"]
}

path "secret/data/technical-analysis-operators/jwt" {
  capabilities = ["create", "read", "update"]
}
