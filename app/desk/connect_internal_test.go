package desk

import (
	"maps"
	"testing"

	"touchstone/report/takedown"
)

// No channel is listed that cannot be used.
func TestEachChannelThatIsListedHasAConnector(t *testing.T) {
	all, err := takedown.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{}
	for _, about := range all {
		values := map[string]string{}
		for _, s := range about.Settings {
			values[s.Key] = s.Default
		}
		if values["base_url"] == "" {
			values["base_url"] = "https://api.example"
		}
		maps.Copy(values, map[string]string{"client_id": "a", "client_secret": "b", "smtp_host": "mail.example", "from": "a@b.example"})
		c, err := d.connect(about, values)
		if err != nil {
			t.Errorf("%s: %v", about.Name, err)
			continue
		}
		if c.Name() != about.Name {
			t.Errorf("%s is called %s", about.Name, c.Name())
		}
		_, searches := c.(takedown.Finder)
		if searches != (about.Reconcile == takedown.ReconcileSearch) {
			t.Errorf("%s: reconcile is %s, but it can be searched: %v", about.Name, about.Reconcile, searches)
		}
	}
}

func TestAChannelSignedInToWhileTheDeskIsOpenIsReady(t *testing.T) {
	d := newDesk(t)
	before, err := d.Channel(t.Context(), JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	if before.Ready() {
		t.Error("the channel is ready before anyone signed in")
	}
	if err := d.SignIn(JointForce{BaseURL: "http://127.0.0.1:8080", ClientID: "a", ClientSecret: "b", Practice: true}); err != nil {
		t.Fatal(err)
	}
	after, err := d.Channel(t.Context(), JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	if !after.Ready() {
		t.Errorf("the channel lacks %v after signing in", after.Missing)
	}
}
