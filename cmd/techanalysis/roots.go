package main

// The public certificate authorities, for a system that has none: the image
// has no files but the program. Where the system has them, or SSL_CERT_FILE
// names others, those alone are trusted.
import _ "golang.org/x/crypto/x509roots/fallback"
