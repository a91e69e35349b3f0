package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Hash is a SHA-256 as 64 lower-case hexadecimal digits, the form sha256sum prints.
type Hash string

// HashOf is the SHA-256 of b.
func HashOf(b []byte) Hash { return hashOf(sha256.Sum256(b)) }

// HashSum turns what a sha256 hash.Hash returned from Sum into a Hash.
func HashSum(sum []byte) Hash { return hashOf([sha256.Size]byte(sum)) }

func hashOf(sum [sha256.Size]byte) Hash { return Hash(hex.EncodeToString(sum[:])) }

// ParseHash checks that s has the form of a Hash.
func ParseHash(s string) (Hash, error) {
	if len(s) != 2*sha256.Size {
		return "", fmt.Errorf("%q is not a SHA-256: want 64 hexadecimal digits", s)
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("%q is not a SHA-256: want 64 lower-case hexadecimal digits", s)
		}
	}
	return Hash(s), nil
}
