package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// alternative is the text of the picture that a button consists of.
func alternative(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.DataAtom == atom.Img {
		return attr(c, "alt")
	}
	return ""
}

func isDisabled(n *html.Node) bool {
	return hasAttr(n, "disabled") || attr(n, "aria-disabled") == "true" || strings.Contains(attr(n, "class"), "disabled")
}

// buttonish reports whether a link is dressed as a button.
func buttonish(n *html.Node) bool {
	return namesButton(attr(n, "class")) || namesButton(attr(n, "id")) || namesButton(attr(n, "role")) || n.Parent != nil && namesButton(attr(n.Parent, "class"))
}

func namesButton(s string) bool {
	if s == "" {
		return false
	}
	s = strings.ToLower(s)
	return strings.Contains(s, "btn") || strings.Contains(s, "button") || strings.Contains(s, "cart") || strings.Contains(s, "buy") || strings.Contains(s, "basket") || strings.Contains(s, "kosik")
}
