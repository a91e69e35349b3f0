package bundle

import (
	"fmt"
	"slices"
	"time"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// stampDir is the folder of the stamp with the number, from 1.
func stampDir(n int) string { return fmt.Sprintf("%sstamps/%d", custodyDir, n) }

// changeDir is the folder of the change of key with the number, from 1, under
// the folder of proofs.
func changeDir(n int) string { return fmt.Sprintf("key-changes/%d", n) }

// stampFiles are what openssl checks the time stamps with, and the way of each
// exhibit to the checkpoint that was stamped.
func stampFiles(set custody.ProofSet) []File {
	var files []File
	for i, s := range set.Stamps {
		dir := stampDir(i+1) + "/"
		files = append(files,
			Text(dir+"checkpoint", s.Checkpoint.Signed),
			Text(dir+"request.tsq", s.Request),
			Text(dir+"response.tsr", s.Response),
			Text(dir+"chain.pem", s.Chain),
			Text(dir+"root.pem", s.Root),
		)
		for _, p := range s.Proofs {
			files = append(files, Text(dir+string(p.Subject)+"/path.txt", pathText(p, s.Checkpoint.Size)))
		}
	}
	return files
}

// keyChangeFiles let somebody who was told the fingerprint of an earlier key
// follow the changes to the present one.
func keyChangeFiles(set custody.ProofSet) ([]File, error) {
	var files []File
	for i, c := range set.Changes {
		before, after, err := c.Signatures()
		if err != nil {
			return nil, err
		}
		beforePEM, err := custody.KeyPEM(c.Before)
		if err != nil {
			return nil, err
		}
		afterPEM, err := custody.KeyPEM(c.After)
		if err != nil {
			return nil, err
		}
		dir := custodyDir + changeDir(i+1) + "/"
		files = append(files,
			Text(dir+"statement", c.Signed),
			Text(dir+"statement-body", c.Body()),
			Text(dir+"signature-before", before),
			Text(dir+"signature-after", after),
			Text(dir+"key-before.pem", beforePEM),
			Text(dir+"key-after.pem", afterPEM),
			Text(dir+"leaf.json", c.Proof.Leaf),
			Text(dir+"path.txt", pathText(c.Proof, set.Checkpoint.Size)),
		)
	}
	return files, nil
}

// SealTimes says of each exhibit which time stamps in the set cover its seal: by
// whom, and when. Each is a line or more of text.
func SealTimes(set custody.ProofSet, exhibits []Exhibit) []string {
	var all []string
	for _, e := range exhibits {
		text := string(e.Capture)
		for _, s := range set.Stamps {
			if slices.ContainsFunc(s.Proofs, func(p custody.Proof) bool { return p.Subject == e.Capture }) {
				text += fmt.Sprintf("\n  was in the log when %s stamped it: %s (%s)", oneLine(s.Authority), s.Time.UTC().Format(time.RFC3339), oneLine(s.Signer))
			}
		}
		if text == string(e.Capture) {
			text += "\n  is stamped by no authority: its time is the word of the computer that made it"
		}
		all = append(all, text)
	}
	return all
}

// stampSteps is what HOW-TO-VERIFY.txt says of a time stamp.
type stampSteps struct {
	Dir       string // from the bag's root
	Authority string
	Signer    string
	Time      string
	Epoch     int64 // the same in seconds since 1970, as openssl wants it
	Qualified bool
	Captures  []evidence.ID
}

func stampStepsOf(set custody.ProofSet) []stampSteps {
	var steps []stampSteps
	for i, s := range set.Stamps {
		one := stampSteps{
			Dir: payloadDir + stampDir(i+1), Authority: s.Authority, Signer: s.Signer,
			Time: s.Time.UTC().Format(time.RFC3339), Epoch: s.Time.Unix(), Qualified: s.Qualified,
		}
		for _, p := range s.Proofs {
			one.Captures = append(one.Captures, p.Subject)
		}
		steps = append(steps, one)
	}
	return steps
}

func anyQualified(set custody.ProofSet) bool {
	return slices.ContainsFunc(set.Stamps, func(s custody.StampedCheckpoint) bool { return s.Qualified })
}

func changeDirs(set custody.ProofSet) []string {
	var dirs []string
	for i := range set.Changes {
		dirs = append(dirs, changeDir(i+1))
	}
	return dirs
}
