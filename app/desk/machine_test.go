package desk

import "testing"

func TestJobsFor(t *testing.T) {
	const gib = 1 << 30
	for _, tt := range []struct {
		name  string
		cores int
		free  int64
		want  int
	}{
		{"a core each", 4, 16 * gib, 4},
		{"on a system that does not tell its memory", 4, 0, 4},
		{"not more than one Chrome serves well", 64, 256 * gib, 8},
		{"less where memory is short", 8, 2 * gib, 3},
		{"at least one", 8, gib / 4, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := jobsFor(tt.cores, tt.free); got != tt.want {
				t.Errorf("%d jobs, want %d", got, tt.want)
			}
		})
	}
}

func TestAvailableMemoryIsReadOffTheKernelsTable(t *testing.T) {
	table := "MemTotal:       24685012 kB\nMemFree:          346824 kB\nMemAvailable:   21756000 kB\nBuffers:          131260 kB\n"
	if got, want := availableIn([]byte(table)), int64(21756000)<<10; got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
}
