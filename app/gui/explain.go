package gui

import (
	"context"
	"errors"
	"io/fs"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
)

// explanations say what the desk's errors mean and what to do, the more particular
// first. The desk's own sentence stays with the details.
var explanations = []struct {
	is           func(error) bool
	what, advice string // English; the advice may be "" where what says enough
}{
	{is(context.DeadlineExceeded), model.Key("It took too long."), model.Key("Try again when the computer or the network is less busy.")},
	{is(desk.ErrNoSpace), model.Key("The disk is full."), model.Key("Make room, then do it again.")},
	{is(desk.ErrAltered), model.Key("A file of evidence is not what was sealed."), model.Key("Verify the workspace, and put that file back from a backup.")},
	{is(desk.ErrMissing), model.Key("A file of evidence is not there."), model.Key("Verify the workspace, and put that file back from a backup.")},
	{is(desk.ErrDamaged), model.Key("A record cannot be read as it was written."), model.Key("Verify the workspace: it names what is damaged. A backup puts it back.")},
	{is(desk.ErrBadPassphrase), model.Key("The passphrase of the signing key is wrong."), model.Key("Start Touchstone again with the right one.")},
	{is(desk.ErrNoKey), model.Key("The signing key is not at hand."), model.Key("Unlock the computer's keyring, or start Touchstone with the passphrase.")},
	{is(desk.ErrHeld), model.Key("Another Touchstone is busy with it."), model.Key("Wait until it has ended, then do it again.")},
	{is(desk.ErrUnwritable), model.Key("The workspace's folder cannot be written to."), model.Key("Ask for the right to write there, or open another workspace.")},
	{is(desk.ErrOnHold), model.Key("The case is on hold: nothing of it may be deleted."), model.Key("Have the hold lifted first.")},
	{is(desk.ErrExhibit), model.Key("A notice under way rests on it."), model.Key("Withdraw that notice first.")},
	{is(desk.ErrDeleted), model.Key("It was deleted; its tombstone is in the custody log."), ""},
	{is(desk.ErrAnsweredElsewhere), model.Key("Another desk of this account has answered first. Your answer was not taken."), model.Key("Look at what it said. A new verdict corrects it.")},
	{is(desk.ErrSamePerson), model.Key("The second person must not be the one who gave the verdict."), model.Key("Have a colleague agree, under their own name in the settings.")},
	{is(model.ErrLeft), model.Key("It has left: what others have read cannot be taken back."), model.Key("A new verdict corrects it.")},
	{is(desk.ErrElsewhere), model.Key("That notice was made elsewhere; here it is only on record."), ""},
	{is(desk.ErrBeingSent), model.Key("It may have arrived already."), model.Key("Ask the channels first, or record whether it arrived.")},
	{is(desk.ErrSent), model.Key("The notice is queued or sent and stays as it is."), model.Key("Withdraw it, and make a new one.")},
	{is(desk.ErrNothingToReport), model.Key("No listing can be complained of."), model.Key("A listing needs an assessment as counterfeit or infringing and a capture that shows it online, and must not be under notice already.")},
	{is(desk.ErrNothingToSend), model.Key("Nothing of the notice waits to be sent."), ""},
	{is(desk.ErrNothingToExport), model.Key("There is nothing to export."), ""},
	{is(desk.ErrNotByHand), model.Key("This is not filed by hand: its channel sends it."), ""},
	{is(desk.ErrNotOpen), model.Key("That cannot be done as it stands now."), model.Key("Look at it again: somebody else may have acted meanwhile.")},
	{is(desk.ErrNoBrand), model.Key("There is no such brand."), model.Key("Import it under Rights.")},
	{is(desk.ErrNoCase), model.Key("There is no such case."), ""},
	{is(desk.ErrNoTest), model.Key("This channel cannot be tried without sending something."), ""},
	{is(desk.ErrNoPermission), model.Key("This channel needs no visit to its site."), model.Key("Fill in its settings instead.")},
	{is(desk.ErrNoChannelNamed), model.Key("This version knows no such channel."), ""},
	{is(desk.ErrNoChannel), model.Key("You are not signed in to this channel."), model.Key("Sign in under Settings, Channels.")},
	{is(desk.ErrUnauthorised), model.Key("The marketplace does not accept the credentials."), model.Key("Sign in again under Settings, Channels.")},
	{is(desk.ErrUnfit), model.Key("The notice does not fit the channel."), model.Key("Its completeness says what to change.")},
	{is(desk.ErrUnknownOutcome), model.Key("No answer arrived: the marketplace may or may not have acted."), model.Key("Ask the channels; it is never sent twice.")},
	{is(desk.ErrBusy), model.Key("The marketplace asks to try again later."), model.Key("What waits is sent when the channels are asked next.")},
	{is(desk.ErrUnreachable), model.Key("The marketplace cannot be reached."), model.Key("Look at the network. What waits is sent when the channels are asked next.")},
	{is(desk.ErrRefused), model.Key("The marketplace refused the request."), model.Key("Its reason stands in the details.")},
	{as[*desk.IncompleteError], model.Key("The notice is not complete."), model.Key("Its completeness says what is missing.")},
	{as[*desk.UnacceptedError], model.Key("The notice has warnings that nobody has accepted."), model.Key("Read them under completeness and accept them, or mend what they say.")},
	{as[*desk.CovertError], model.Key("Nothing was written: it would hold a name of the covert list."), model.Key("The details say where. Black it out, leave the listing out, or take the name off the list.")},
	{as[*desk.NotClearedError], model.Key("Nothing was written: a capture was made while signed in or by hand, and nobody has looked whether it may leave."), model.Key("Look for names of the account in it, then clear it with touchstone clear.")},
	{as[*desk.UnfinishedError], model.Key("Some of these links wait already, from a batch before. Nothing was queued."), model.Key("Resume the captures that are left, or discard them, before you order them again.")},
	{is(desk.ErrNoChrome), model.Key("No Chrome, Chromium or Edge was found on this computer."), model.Key("Install one of them, then try again.")},
	{is(desk.ErrNoDisplay), model.Key("There is no screen to show Chrome on."), ""},
	{is(desk.ErrNoProfile), model.Key("There is no such browser profile."), model.Key("Sign in under Settings, Browser profiles.")},
	{is(desk.ErrLost), model.Key("Chrome ended unexpectedly."), model.Key("Try again. What was captured before is kept.")},
	{is(fs.ErrExist), model.Key("A file of that name is there already, and is not replaced."), model.Key("Choose another name.")},
	{is(desk.ErrNotFound), model.Key("It is not in the workspace any more."), ""},
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

func as[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}

// explain says in the user's language what an error of the desk means and what to
// do, as far as that is known.
func explain(err error) (what, advice string) {
	for _, e := range explanations {
		if !e.is(err) {
			continue
		}
		if e.advice != "" {
			advice = model.T(e.advice)
		}
		return model.T(e.what), advice
	}
	return "", ""
}
