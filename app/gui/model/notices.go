package model

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Notices is the list of notices and the one that is open.
type Notices struct {
	OnChange func()
	OnMoved  func() // the state of some items has changed
	OnNews   func() // the channels were asked

	Preview *Preview

	b        *Background
	book     NoticeBook
	problems *Problems
	task     *Task
	lists    latest
	files    latest
	checks   latest
	changes  turns // of what is stored: an earlier change must not undo a later one

	list   []NoticeRecord
	loaded bool
	open   evidence.ID
	file   *NoticeFile
	words  evidence.Notice // of the open one, as edited
	dirty  bool            // words are not kept yet
	busy   bool
}

// Load reads the notices.
func (n *Notices) Load() {
	n.lists.run(n.b, func(ctx context.Context) func() {
		list, err := n.book.Notices(ctx)
		return func() {
			if err != nil {
				n.problems.report(T("The notices could not be read."), T("Nothing was changed."), err)
				return
			}
			n.list, n.loaded = list, true
			changed(n.OnChange)
		}
	})
	if n.open != "" {
		n.read()
	}
}

// Loaded reports whether the notices have been read.
func (n *Notices) Loaded() bool { return n.loaded }

// List is the notices, newest first. It must not be changed.
func (n *Notices) List() []NoticeRecord { return n.list }

// Open opens a notice.
func (n *Notices) Open(id evidence.ID) {
	n.keep()
	n.Preview.Close()
	n.open, n.file, n.dirty = id, nil, false
	n.read()
	changed(n.OnChange)
}

// Close goes back to the list.
func (n *Notices) Close() {
	n.keep()
	n.Preview.Close()
	n.files.drop()
	n.open, n.file = "", nil
	n.Load()
	changed(n.OnChange)
}

// Opened is the notice that is open, or is being read, if any.
func (n *Notices) Opened() (evidence.ID, bool) { return n.open, n.open != "" }

// File is the open notice; nil while it is being read.
func (n *Notices) File() *NoticeFile { return n.file }

// read reads the open notice.
func (n *Notices) read() {
	id, looked := n.open, n.Preview.Opened()
	n.files.run(n.b, func(ctx context.Context) func() {
		f, err := n.book.NoticeFile(ctx, id)
		of := ""
		if looked && err == nil {
			of = gist(&f)
		}
		return func() {
			if err != nil {
				n.problems.report(T("The notice could not be read."), T("Nothing was changed."), err)
				return
			}
			n.file = &f
			if !n.dirty {
				n.words = f.Notice
			}
			if looked {
				n.Preview.compare(id, of)
			}
			changed(n.OnChange)
		}
	})
}

// Draft makes a notice about listings of a case and opens it.
func (n *Notices) Draft(caseID evidence.ID, listings []evidence.ID, made func()) {
	n.b.Run(func(ctx context.Context) func() {
		id, err := n.book.Draft(ctx, caseID, listings)
		return func() {
			if err != nil {
				n.problems.report(T("No notice was made."), T("Nothing was changed."), err)
				return
			}
			n.Open(id)
			n.moved()
			changed(made)
		}
	})
}

func (n *Notices) moved() { changed(n.OnMoved) }

// Editable reports whether the open notice can still be changed.
func (n *Notices) Editable() bool {
	return n.file != nil && !slices.ContainsFunc(n.file.Items, func(i evidence.NoticeItem) bool {
		switch i.State {
		case evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemWithdrawn:
			return false
		}
		return true
	})
}

// Words is the open notice as it is being edited.
func (n *Notices) Words() evidence.Notice { return n.words }

// Edit changes the open notice; Keep stores the change.
func (n *Notices) Edit(change func(*evidence.Notice)) {
	if n.file == nil || !n.Editable() {
		return
	}
	change(&n.words)
	n.dirty = true
}

// Keep stores what was edited and checks the notice anew.
func (n *Notices) Keep() {
	if n.keep() {
		changed(n.OnChange)
	}
}

// keep reports whether there was something to store.
func (n *Notices) keep() bool {
	if !n.dirty || n.open == "" {
		return false
	}
	id, words := n.open, n.words
	n.dirty = false
	var err error
	// What was typed is kept also when the notice is closed meanwhile.
	revise := n.changes.take(func() {
		ctx, cancel := n.b.lasting()
		defer cancel()
		err = n.book.Revise(ctx, id, func(to *evidence.Notice) { copyWords(to, words) })
	})
	n.checks.run(n.b, func(context.Context) func() {
		revise()
		return func() {
			if err != nil {
				n.problems.report(T("The notice was not changed."), T("It is as it was before."), err)
			}
			if n.open == id {
				n.read()
			}
		}
	})
	return true
}

// settle stores what was edited; what it gives back waits until that, and every
// change before it, is stored.
func (n *Notices) settle() (wait func()) {
	n.keep()
	return n.changes.settled()
}

// copyWords copies what a person writes in a notice.
func copyWords(to *evidence.Notice, from evidence.Notice) {
	to.Right, to.Brand, to.Signatory = from.Right, from.Brand, from.Signatory
	to.Channel, to.ReasonCode = from.Channel, from.ReasonCode
	to.LegalBasis, to.Infringement, to.Locus = from.LegalBasis, from.Infringement, from.Locus
	to.Explanation, to.Message, to.Details, to.Language = from.Explanation, from.Message, from.Details, from.Language
	to.GoodFaith = from.GoodFaith
}

// CanApprove reports whether nothing but the approval is missing, and every warning
// is accepted.
func (n *Notices) CanApprove() bool {
	return n.file != nil && !n.busy && !n.dirty && n.file.Notice.Approval == nil && n.Editable() && !n.CanAccept() &&
		!slices.ContainsFunc(n.file.Findings, func(f Finding) bool { return f.Blocks && f.Code != ApprovalMissing })
}

// CanSubmit reports whether the notice was approved and waits to be sent.
func (n *Notices) CanSubmit() bool {
	return n.file != nil && !n.busy && n.file.Notice.Approval != nil && !n.CanAccept() && slices.ContainsFunc(n.file.Items, func(i evidence.NoticeItem) bool {
		return i.State == evidence.ItemApproved || i.State == evidence.ItemSubmissionFailed
	})
}

// CanAccept reports whether there are warnings that nobody has accepted.
func (n *Notices) CanAccept() bool {
	return n.file != nil && !n.busy && n.Editable() && slices.ContainsFunc(n.file.Findings, func(f Finding) bool { return !f.Blocks && !f.Accepted })
}

// Accept records that the open notice may leave with its warnings.
func (n *Notices) Accept() {
	id := n.open
	n.act(T("The warnings were not accepted."), func(ctx context.Context) error { return n.book.Accept(ctx, id) })
}

// CanWithdraw reports whether there is an item that can be taken back.
func (n *Notices) CanWithdraw() bool {
	return n.file != nil && !n.busy && slices.ContainsFunc(n.file.Items, func(i evidence.NoticeItem) bool {
		return rank(i.State) < len(urgency) && i.State != evidence.ItemReappeared && i.State != evidence.ItemRejected && i.State != evidence.ItemUnknownOutcome
	})
}

// Approve records the signatory's word for the open notice.
func (n *Notices) Approve() {
	if !n.CanApprove() {
		return
	}
	id, signatory := n.open, n.file.Notice.Signatory
	n.act(T("The notice was not approved."), func(ctx context.Context) error { return n.book.Approve(ctx, id, signatory) })
}

// Withdraw takes the open notice back.
func (n *Notices) Withdraw() {
	id := n.open
	n.act(T("The notice was not withdrawn."), func(ctx context.Context) error { return n.book.Withdraw(ctx, id) })
}

// act does something short with the open notice; done is what is told when it is.
func (n *Notices) act(failed string, do func(ctx context.Context) error, done ...string) {
	if n.busy || n.open == "" {
		return
	}
	n.busy = true
	n.problems.Dismiss()
	var err error
	act := n.changes.take(func() { err = do(n.b.ctx) })
	n.b.Run(func(context.Context) func() {
		act()
		return func() {
			n.busy = false
			if err != nil {
				n.problems.report(failed, T("It is as it was before."), err)
			} else if len(done) > 0 {
				n.problems.Tell(done[0])
			}
			n.read()
			n.moved()
		}
	})
	changed(n.OnChange)
}

// Submit sends the open notice.
func (n *Notices) Submit() {
	if !n.CanSubmit() {
		return
	}
	id := n.open
	n.problems.Dismiss()
	kept := n.settle()
	n.task.start(T("Sending the notice"), func(ctx context.Context, p evidence.Progress) func() {
		kept()
		remarks, err := n.book.Submit(ctx, id, p)
		return func() {
			switch {
			case err != nil:
				n.problems.report(T("The notice was not sent."), T("It waits in the outbox, or is as it was before."), err)
			case len(remarks) > 0:
				n.problems.Show(Problem{What: T("The notice is on its way, and something is left to you.") + " " + sentence(remarks[0]),
					Kept: T("Everything that was sent is recorded."), Detail: strings.Join(remarks, "\n")})
			default:
				n.problems.Tell(T("The notice was sent."))
			}
			n.Load()
			n.moved()
		}
	})
}

// LookAt opens the preview of the open notice's packet.
func (n *Notices) LookAt() {
	if n.file != nil && !n.Preview.Opened() {
		n.Preview.Open(n.open)
	}
}

// Export writes the open notice's packet.
func (n *Notices) Export(path string) {
	id := n.open
	n.problems.Dismiss()
	kept := n.settle()
	n.task.start(T("Writing the packet"), func(ctx context.Context, p evidence.Progress) func() {
		kept()
		remarks, err := n.book.NoticePacket(ctx, id, path, p)
		return func() { packetWritten(n.problems, path, remarks, err) }
	})
}

// Sync asks the channels how notices stand.
func (n *Notices) Sync() {
	n.problems.Dismiss()
	n.task.start(T("Asking the channels"), func(ctx context.Context, p evidence.Progress) func() {
		news, err := n.book.Sync(ctx, p)
		return func() {
			switch {
			case err != nil:
				n.problems.report(T("The channels could not be asked."), T("What waits in the outbox still waits."), err)
			case len(news.Failures) > 0:
				n.problems.Show(Problem{What: T("Some channels could not be asked.") + " " + sentence(news.Failures[0]),
					Kept: T("The states of the others are up to date."), Advice: T("Try again later."), Detail: strings.Join(news.Failures, "\n")})
			default:
				n.problems.Tell(cmp.Or(news.text(), T("Nothing has changed at the channels.")))
			}
			n.Load()
			n.moved()
			changed(n.OnNews)
		}
	})
}
