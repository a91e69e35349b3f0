package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/model"
)

func TestParseLinksFindsWhatPeoplePaste(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       model.Links
	}{
		{"one a line", "https://a.example/1\nhttp://b.example/2\r\n", model.Links{URLs: []string{"https://a.example/1", "http://b.example/2"}}},
		{"in a sentence", "Look at <https://a.example/1>, please.", model.Links{URLs: []string{"https://a.example/1"}}},
		{"in Chinese prose", "链接： https://a.example/商品？ 。", model.Links{URLs: []string{"https://a.example/商品？"}}},
		{"the same twice", "https://a.example/1 https://a.example/1", model.Links{URLs: []string{"https://a.example/1"}, Repeated: 1}},
		{"without a scheme", "www.a.example a.example/item/1 a.example notes/today", model.Links{URLs: []string{"https://www.a.example", "https://a.example/item/1"}}},
		{"a comma inside stays", "https://a.example/1,2?x=(3", model.Links{URLs: []string{"https://a.example/1,2?x=(3"}}},
		{"other schemes are no pages", "file:///etc/passwd javascript:alert(1) ftp://a.example/1", model.Links{Other: []string{"file:///etc/passwd javascript:alert(1) ftp://a.example/1"}}},
		{"no host", "https:///x", model.Links{Other: []string{"https:///x"}}},
		{"three lines, one with remarks and one without a link", "https://a.example/1\nhttps://a.example/2 see also this\nask the buyer again\n",
			model.Links{URLs: []string{"https://a.example/1", "https://a.example/2"}, Other: []string{"ask the buyer again"}}},
		{"nothing", " \n\t", model.Links{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, model.ParseLinks(c.text)); d != "" {
				t.Error(d)
			}
		})
	}
}
