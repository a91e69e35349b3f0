package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) brandPublish() *cobra.Command {
	var channel string
	cmd := &cobra.Command{
		Use: "publish [BRAND]", Short: "Tell a marketplace the brand's models, markers, features of counterfeits and authorised sellers", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return p.readDesk(func(d *desk.Desk) error {
				pub, err := d.PublishBrand(cmd.Context(), name, channel)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(pub)
				}
				if !pub.Changed {
					_, err = fmt.Fprintf(p.Stdout, "%s has it already, as version %d\n", pub.Channel, pub.Version)
					return err
				}
				_, err = fmt.Fprintf(p.Stdout, "%s has version %d: %s, %s, %s, %s\n", pub.Channel, pub.Version, evidence.Count(len(pub.Feed.Products), "model"),
					evidence.Count(len(pub.Feed.GenuineMarkers), "marker"), evidence.Count(len(pub.Feed.CounterfeitFeatures), "feature"), evidence.Count(len(pub.Feed.AuthorisedSellers), "authorised seller"))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&channel, "channel", desk.JointForceChannel, "the marketplace's channel")
	return cmd
}
