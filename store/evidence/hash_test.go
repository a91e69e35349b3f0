package evidence

import "testing"

func TestHash(t *testing.T) {
	// FIPS 180-4's example, SHA-256 of "abc".
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := HashOf([]byte("abc")); got != abc {
		t.Errorf("HashOf(abc) = %s, want %s", got, abc)
	}
	if _, err := ParseHash(abc); err != nil {
		t.Error(err)
	}
	for _, s := range []string{"", abc[1:], "BA" + abc[2:], "zz" + abc[2:], "../" + abc[3:]} {
		if _, err := ParseHash(s); err == nil {
			t.Errorf("ParseHash(%q) accepted it", s)
		}
	}
}
