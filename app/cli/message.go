package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) messageCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "message", Short: "Write to a marketplace's account manager, and list the correspondence"}
	cmd.AddCommand(p.messageSend(), p.messageList())
	return cmd
}

func (p *Program) messageSend() *cobra.Command {
	var l desk.Letter
	var about, reply, file string
	var attach []string
	cmd := &cobra.Command{
		Use: "send --subject S --text T", Short: "Send a message to the account manager", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for text, id := range map[*string]*evidence.ID{&about: &l.About, &reply: &l.ReplyTo} {
				if *text == "" {
					continue
				}
				var err error
				if *id, err = parseID(*text); err != nil {
					return err
				}
			}
			var err error
			if l.Attachments, err = parseIDs(attach); err != nil {
				return err
			}
			if file != "" {
				text, err := os.ReadFile(file)
				if err != nil {
					return fmt.Errorf("read the text: %w", err)
				}
				l.Text = string(text)
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				m, err := d.SendMessage(cmd.Context(), l, show)
				show.Done()
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(m)
				}
				fmt.Fprintf(p.Stdout, "%s  to the account manager of %s\n", m.ID, m.Channel)
				return p.printSending(cmd.Context(), d, m.Submission)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&l.Channel, "channel", desk.JointForceChannel, "whose account manager")
	f.StringVar(&l.Subject, "subject", "", "what it is about, in a few words")
	f.StringVar(&l.Text, "text", "", "the message")
	f.StringVar(&file, "file", "", "file with the message's text")
	f.StringVar(&about, "about", "", "the inquiry, notice or counter-notice that it is about")
	f.StringVar(&reply, "reply-to", "", "the message that it answers")
	f.StringSliceVar(&attach, "attach", nil, "attachments (att_...) to send with it")
	cmd.MarkFlagRequired("subject")
	cmd.MarkFlagsMutuallyExclusive("text", "file")
	cmd.MarkFlagsOneRequired("text", "file")
	return cmd
}

// printSending says how the sending of something stands.
func (p *Program) printSending(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	if p.json || id == "" {
		return nil
	}
	s, err := desk.Get[evidence.Submission](ctx, d, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "      %s: %s\n", s.ID, printable(submissionText(s)))
	return errors.Join(err, trouble([]evidence.Submission{s}))
}

func (p *Program) messageList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the correspondence with account managers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				list, err := desk.All[evidence.Message](cmd.Context(), d, evidence.KindMessage)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, list)
				}
				var rows [][]string
				for _, m := range list {
					way := "sent"
					if m.Incoming {
						way = "received"
					}
					rows = append(rows, []string{string(m.ID), m.At.UTC().Format(time.DateTime) + "Z", way, shorten(m.From, 30), shorten(m.Subject, 50)})
				}
				return p.table("MESSAGE\tAT\tWAY\tFROM\tSUBJECT", rows)
			})
		},
	}
}
