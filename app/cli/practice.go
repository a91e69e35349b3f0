package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/practice"
)

func (p *Program) practiceCommand() *cobra.Command {
	c := practice.Config{Life: practice.Life{Genuine: 0.3, Unrelated: 0.05, Duplicates: 0.03}}
	var brandFile string
	var faults []string
	cmd := &cobra.Command{
		Use: "practice", Short: "Serve the practice marketplace until stopped", Args: cobra.NoArgs,
		Long: `Serve the practice marketplace until stopped: pages of listings to capture, and the joint-force API to answer inquiries and file
notices with. Its life is up to you: how many inquiries and new counterfeits a day, which share of removed listings comes back,
which share of sellers objects; with --speed a day passes in minutes. The admin page, whose address is printed, shows how it stands.`,
		Example: "  touchstone practice --inquiries 20 --listings 10 --relist 0.5 --object 0.2 --speed 1440 --faults busy=0.05,drop=0.02",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkPractice(&c, faults); err != nil {
				return usage(err)
			}
			s, err := practice.Start(cmd.Context(), c)
			if err != nil {
				return err
			}
			p.describePractice(s)
			if brandFile != "" {
				if err := s.WriteBrand(brandFile); err != nil {
					return errors.Join(usage(err), s.Close())
				}
				fmt.Fprintf(p.Stdout, "Its brand is in %s, with a folder of pictures beside it: touchstone brand import %s\n", brandFile, brandFile)
			}
			<-cmd.Context().Done()
			return s.Close()
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Addr, "addr", "127.0.0.1:0", "address to listen on")
	f.StringVar(&brandFile, "brand-file", "", "write the practice brand to this new file, and its pictures beside it, for brand import")
	f.Int64Var(&c.Seed, "seed", 0, "the same number makes the same marketplace, with the same life and faults")
	f.Float64Var(&c.Speed, "speed", 1, "how much faster than ours its clock runs; 1440 makes a day a minute")
	f.Float64Var(&c.Life.Inquiries, "inquiries", 0, "inquiries a day")
	f.Float64Var(&c.Life.Listings, "listings", 0, "new counterfeits a day that nobody asks about")
	f.Float64Var(&c.Life.Genuine, "genuine", c.Life.Genuine, "share of inquiries about genuine goods")
	f.Float64Var(&c.Life.Relists, "relist", 0, "share of removed counterfeits that come back under a new number")
	f.Float64Var(&c.Life.Moves, "move", 0.4, "share of those that come back in another shop")
	f.Float64Var(&c.Life.Declines, "decline", 0, "share of information requests that are declined")
	f.Float64Var(&c.Life.Losses, "lose", 0, "share of test-buy samples that are lost on their way")
	f.Float64Var(&c.Life.Objections, "object", 0, "share of removed counterfeits whose seller files a counter-notice; sellers of other goods always do, unless this is 0")
	f.StringSliceVar(&faults, "faults", nil, "shares of the API's requests that fail, as in busy=0.05,drop=0.02: "+faultNames())
	return cmd
}

// describePractice tells what can be done with the marketplace.
func (p *Program) describePractice(s *practice.Server) {
	fmt.Fprintf(p.Stdout, "The practice marketplace is at %s (stop it with Ctrl-C)\n", s.URL())
	for _, o := range s.Catalogue() {
		fmt.Fprintf(p.Stdout, "  %-12s %s  %s\n", o.Truth, o.URL, o.Title)
	}
	fmt.Fprintln(p.Stdout, "Capture one with: touchstone capture --allow-private URL, or in the window of touchstone --allow-private")
	fmt.Fprintf(p.Stdout, "How it stands, with the truth about everything: %s\n", s.AdminURL())
	a := s.Credentials()
	fmt.Fprintf(p.Stdout, "Its joint-force API: touchstone channel set jointforce base_url=%s client_id=%s practice=yes\n", a.BaseURL, a.ClientID)
	fmt.Fprintf(p.Stdout, "Sign in to it with: echo client_secret=%s | touchstone channel login jointforce\n", a.ClientSecret)
}

// faultNames are the faults that --faults knows.
func faultNames() string {
	var names []string
	for _, f := range practice.FaultNames() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// Bounds of what the marketplace is asked for.
const (
	mostADay  = 10_000
	mostSpeed = float64(7 * 24 * time.Hour / time.Second) // a week a second
)

// checkPractice reads the faults into the configuration and checks it.
func checkPractice(c *practice.Config, faults []string) error {
	for _, entry := range faults {
		name, text, _ := strings.Cut(entry, "=")
		share, err := strconv.ParseFloat(text, 64)
		field := c.Faults.Share(practice.Fault(name))
		if err != nil || field == nil || !(share >= 0 && share <= 1) {
			return fmt.Errorf("--faults %s: want NAME=SHARE with a share from 0 to 1, NAME one of %s", entry, faultNames())
		}
		*field = share
	}
	for _, v := range []struct {
		flag        string
		value, most float64
	}{
		{"speed", c.Speed, mostSpeed}, {"inquiries", c.Life.Inquiries, mostADay}, {"listings", c.Life.Listings, mostADay},
		{"genuine", c.Life.Genuine, 1}, {"relist", c.Life.Relists, 1}, {"move", c.Life.Moves, 1}, {"object", c.Life.Objections, 1},
		{"decline", c.Life.Declines, 1}, {"lose", c.Life.Losses, 1},
	} {
		if !(v.value >= 0 && v.value <= v.most) { // NaN too
			return fmt.Errorf("--%s %v: must be from 0 to %v", v.flag, v.value, v.most)
		}
	}
	return nil
}
