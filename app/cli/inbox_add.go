package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) inboxAdd() *cobra.Command {
	var q evidence.Inquiry
	var file, caseName, asked, due, price, currency, seller string
	var o desk.Order
	var later bool
	cmd := &cobra.Command{
		Use: "add", Short: "Record an inquiry that came by a portal, by mail or from customs, and capture its offer", Args: cobra.NoArgs,
		Long: "Records an inquiry that came in by hand: described by flags, or read from a file: .xlsx and .csv have one\n" +
			"a row (headings: url, title, reference, question, asked, due, asker, from, seller, price, currency), of a mail\n" +
			"(.eml, .msg) each link is one. The file is sealed with them. The offers are captured at once: they may vanish.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if asked != "" {
				m, err := evidence.ParseMoment(asked, time.Local)
				if err != nil {
					return usage(err)
				}
				q.AskedAt = m.UTC()
			}
			if due != "" {
				if q.DueAt, err = desk.ParseDeadline(due); err != nil {
					return usage(err)
				}
			}
			if price != "" {
				q.Offer.Price = &evidence.Price{Min: price, Currency: currency}
			}
			if seller != "" {
				q.Offer.Seller = &evidence.SellerFacts{Name: seller}
			}
			q.Via = evidence.ViaForm
			if o.Settings.AllowPrivate && later {
				return usage(errors.New("--later captures nothing now: leave out the other flag"))
			}
			return p.withDesk(func(d *desk.Desk) error {
				return p.addInquiries(cmd.Context(), d, q, file, caseName, o, later)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&file, "from", "", "file with the inquiries: .xlsx, .csv, .eml or .msg")
	f.StringVar(&q.Offer.URL, "url", "", "the offer")
	f.StringVar(&q.Offer.Title, "title", "", "what is offered, in the asker's words")
	f.StringVar(&q.Offer.ItemID, "item", "", "the marketplace's number for the offer")
	f.StringVar(&price, "price", "", "the price asked, as in 129.00")
	f.StringVar(&currency, "currency", "", "its currency, as in EUR")
	f.StringVar(&seller, "seller", "", "who offers it")
	f.StringVar(&q.External, "reference", "", "the asker's number for the inquiry")
	f.StringVar(&q.Question, "question", "", "what is asked, in the asker's words")
	choose(f, &q.Asker, "asker", evidence.Askers, evidence.AskerMarketplace, "who asks; customs of the EU wait 10 working days")
	f.StringVar(&q.From, "asked-by", "", "the office or person who asks")
	f.StringVar(&q.Channel, "channel", "", "the marketplace's channel: a notice goes there")
	f.StringVar(&asked, "asked", "", "when it was asked (default: now)")
	f.StringVar(&due, "due", "", "until when it wants an answer; a day counts to its end")
	f.StringVar(&caseName, "case", "", "the case it belongs to (default: "+desk.InquiryCase+")")
	f.BoolVar(&later, "later", false, "do not capture now; touchstone sync does")
	p.orderFlags(cmd, &o)
	return cmd
}

func (p *Program) addInquiries(ctx context.Context, d *desk.Desk, q evidence.Inquiry, file, caseName string, o desk.Order, later bool) error {
	if o.Settings.AllowPrivate {
		d.AllowPrivate()
	}
	if caseName != "" {
		c, err := d.EnsureCase(ctx, caseName)
		if err != nil {
			return err
		}
		q.Case = c.ID
	}
	var list []evidence.Inquiry
	var err error
	if file != "" {
		show := newTerminal(p.Stderr)
		list, err = d.TakeInquiries(ctx, file, q, show)
		show.Done()
	} else if q, err = d.NewInquiry(ctx, q); err == nil {
		list = append(list, q)
	}
	if err == nil && !later {
		pace(&o)
		err = p.captureInquiries(ctx, d, o)
	}
	if getErr := asCaptured(ctx, d, list); getErr != nil {
		return errors.Join(err, getErr)
	}
	for _, q := range list {
		err = errors.Join(err, p.printInquiry(q))
	}
	return errors.Join(err, unseen(list))
}

// captureInquiries captures the offers of inquiries that wait for it.
func (p *Program) captureInquiries(ctx context.Context, d *desk.Desk, o desk.Order) error {
	show := newTerminal(p.Stderr)
	defer show.Done()
	err := d.CaptureInquiries(ctx, o, show, func(evidence.Capture) {})
	if err != nil {
		return fmt.Errorf("capture the offers that were asked about (touchstone sync tries again): %w", err)
	}
	return nil
}

func (p *Program) inboxAsk() *cobra.Command {
	var wants []string
	var question string
	cmd := p.onInquiry("ask", "Ask the marketplace for more about an inquiry; its deadline moves with that", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		show := newTerminal(p.Stderr)
		q, err := d.AskInformation(cmd.Context(), id, wants, question, show)
		show.Done()
		if err != nil {
			return err
		}
		return p.printInquiry(q)
	})
	cmd.Flags().StringSliceVar(&wants, "want", nil, "what you want: "+alternatives(desk.Wants))
	cmd.Flags().StringVar(&question, "question", "", "why, and what exactly")
	cmd.MarkFlagRequired("want")
	cmd.MarkFlagRequired("question")
	return cmd
}

func (p *Program) inboxSample() *cobra.Command {
	var r desk.SampleReport
	var attach []string
	cmd := p.onInquiry("sample", "Tell the marketplace that its sample arrived, then what its examination found, as the test purchase has it", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		var err error
		if r.Attachments, err = parseIDs(attach); err != nil {
			return err
		}
		show := newTerminal(p.Stderr)
		s, err := d.ReportSample(cmd.Context(), id, r, show)
		show.Done()
		if err != nil {
			return err
		}
		return errors.Join(p.printSubmissions([]evidence.Submission{s}), trouble([]evidence.Submission{s}))
	})
	cmd.Flags().BoolVar(&r.SealIntact, "seal-intact", false, "the parcel's seal was whole")
	cmd.Flags().StringVar(&r.Note, "note", "", "what is to be said about the parcel")
	cmd.Flags().StringSliceVar(&attach, "attach", nil, "attachments (att_...): pictures of the unboxing, the examiner's report")
	return cmd
}
