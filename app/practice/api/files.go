package api

import (
	"fmt"
	"mime"
	"net/http"
	"unicode/utf8"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// upload takes a file in, once for each idempotency key.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	name, sum := r.URL.Query().Get("name"), r.URL.Query().Get("sha256")
	var wrong []jointforce.ProblemField
	if n := utf8.RuneCountInString(name); n < 1 || n > 200 {
		wrong = append(wrong, jointforce.ProblemField{Pointer: "/name", Detail: "must have 1 to 200 characters"})
	}
	if _, err := evidence.ParseHash(sum); err != nil {
		wrong = append(wrong, jointforce.ProblemField{Pointer: "/sha256", Detail: "must be a SHA-256 as 64 lower-case hexadecimal digits"})
	}
	if len(wrong) > 0 {
		refuse(w, problemOf(invalid(wrong...)))
		return
	}
	body, err := readBody(w, r, jointforce.MaxFile, jointforce.FileTypes...)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	s.replyOnce(w, r, body, func(r *http.Request, body []byte) (any, string, error) {
		if string(evidence.HashOf(body)) != sum {
			return nil, "", problem(jointforce.ProblemDigest, "The file is not the one that was announced", http.StatusUnprocessableEntity)
		}
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		f := s.market.Keep(name, kind, body)
		return f, Prefix + "/files/" + f.ID, err
	})
}

// download hands out a file's bytes, to be saved and never shown as a page.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	f, content, err := s.market.Document(r.PathValue("file"))
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	w.Header().Set("Content-Type", f.MediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content)
}
