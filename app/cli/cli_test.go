package cli_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"touchstone/app/cli"
	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/capture/registry/registrytest"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"touchstone": touchstone})
}

// touchstone is the program as main wires it, but for the window.
func touchstone() {
	p := cli.Program{
		Tool:   evidence.Tool{Name: "touchstone", Version: "test"},
		Window: func(context.Context, *desk.Desk, *cli.Market) error { return errors.New("no window in this test") },
		Stdout: os.Stdout, Stderr: os.Stderr,
		WorkFactor: 4, // a command opens the key, and there are hundreds
	}
	os.Exit(p.Run(context.Background(), os.Args[1:]))
}

// TestScripts runs each session of testdata/script against a practice
// marketplace of its own and a real Chrome.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			market, err := practice.Start(context.Background(), practice.Config{})
			if err != nil {
				return err
			}
			e.Defer(func() { market.Close() })
			e.Setenv("MARKET", market.URL())
			account := market.Credentials()
			e.Setenv("API", account.BaseURL)
			e.Setenv("CLIENT", account.ClientID)
			e.Setenv("SECRET", account.ClientSecret)
			e.Setenv("NEXT_MONTH", time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
			for _, o := range market.Catalogue() {
				if o.Behind == "" && o.Truth == practice.Counterfeit {
					e.Setenv("OFFER_OF_"+strings.ToUpper(strings.ReplaceAll(o.Seller.ID, "-", "_")), o.URL)
				}
				if o.Demo {
					name := strings.ToUpper(string(o.Truth))
					e.Setenv(name, o.URL)
					if o.Language == "zh-CN" {
						e.Setenv("CHINESE", o.URL)
						e.Setenv("CHINESE_WORDS", regexp.MustCompile(`\p{Han}{4,}`).FindString(o.Title))
					}
				}
			}
			internet := registrytest.Start(t)
			e.Setenv("REGISTRIES", internet.URL)
			e.Setenv("RESOLVER", internet.Resolver)
			authority := stamptest.Start(t, stamptest.Options{EC: true})
			e.Setenv("TSA", authority.URL)
			if err := os.WriteFile(filepath.Join(e.WorkDir, "tsa-roots.pem"), authority.Roots, 0o644); err != nil {
				return err
			}
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("DBUS_SESSION_BUS_ADDRESS", "none:")
			e.Setenv("TOUCHSTONE_WORKSPACE", filepath.Join(e.WorkDir, "workspace"))
			e.Setenv("TOUCHSTONE_PASSPHRASE", "a passphrase for tests")
			return os.WriteFile(filepath.Join(e.WorkDir, "brand.json"), market.BrandFile(), 0o644)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"flip":  flip,
			"keep":  keep,
		},
	})
}

// exits CODE COMMAND... runs a command that must exit with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// flip ROLE changes one bit of the first blob that stdout's JSON lines name for
// the role, and puts the blob's name into $FLIPPED.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	role := fmt.Sprintf(`"role":%q`, args[0])
	_, rest, ok := strings.Cut(ts.ReadFile("stdout"), role)
	if !ok {
		ts.Fatalf("stdout names no %s", args[0])
	}
	_, rest, _ = strings.Cut(rest, `"sha256":"`)
	hash := rest[:64]
	path := filepath.Join(ts.Getenv("TOUCHSTONE_WORKSPACE"), "blobs", "sha256", hash[:2], hash)
	content, err := os.ReadFile(path)
	ts.Check(err)
	content[len(content)/2] ^= 1
	ts.Check(os.Chmod(path, 0o644))
	ts.Check(os.WriteFile(path, content, 0o644))
	ts.Setenv("FLIPPED", hash)
}

// keep NAME FIELD [TEXT] puts the value of a field of the first JSON line of
// stdout that has it, and the text, into the variable NAME.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		_, rest, ok := strings.Cut(line, fmt.Sprintf("%q:\"", args[1]))
		if ok && (len(args) < 3 || strings.Contains(line, args[2])) {
			value, _, _ := strings.Cut(rest, `"`)
			ts.Setenv(args[0], value)
			return
		}
	}
	ts.Fatalf("stdout has no %s", strings.Join(args[1:], " with "))
}
