package model

import (
	"context"
	"strings"

	"touchstone/store/evidence"
)

// SellerBook knows who offers what.
type SellerBook interface {
	// Sellers lists the sellers, those with the most listings first.
	Sellers(ctx context.Context) ([]SellerLine, error)
	// SellerFile gathers one seller with its listings and those linked to it.
	SellerFile(ctx context.Context, id evidence.ID) (SellerFile, error)
}

// SellerLine is a seller as a list shows it.
type SellerLine struct {
	Seller   evidence.Seller
	Listings int
}

// Name is what the seller is called.
func (l SellerLine) Name() string {
	if l.Seller.Facts.Name != "" {
		return l.Seller.Facts.Name
	}
	return l.Seller.Facts.ID
}

// SellerFile is all that is shown of one seller.
type SellerFile struct {
	SellerLine
	Rows   []Row
	Linked []LinkedSeller
}

// LinkedSeller is a seller that shares ways to reach it with another.
type LinkedSeller struct {
	Seller  evidence.Seller
	Reasons []string
}

// Sellers is the list of sellers and the one that is looked at.
type Sellers struct {
	OnChange func()

	b        *Background
	book     SellerBook
	problems *Problems
	lists    latest
	files    latest

	list   []SellerLine
	shown  []int
	query  string
	loaded bool
	open   evidence.ID
	file   *SellerFile
}

// Load reads the sellers.
func (s *Sellers) Load() {
	s.lists.run(s.b, func(ctx context.Context) func() {
		list, err := s.book.Sellers(ctx)
		return func() {
			if err != nil {
				s.problems.report(T("The sellers could not be read."), T("Nothing was changed."), err)
				return
			}
			s.list, s.loaded = list, true
			s.Filter(s.query)
			if s.open == "" && len(list) > 0 {
				s.Open(list[0].Seller.ID)
			}
		}
	})
	if s.open != "" {
		s.Open(s.open)
	}
}

// Loaded reports whether the sellers have been read.
func (s *Sellers) Loaded() bool { return s.loaded }

// Total is how many sellers there are.
func (s *Sellers) Total() int { return len(s.list) }

// Len is how many sellers pass the filter.
func (s *Sellers) Len() int { return len(s.shown) }

// Line is the i-th seller that passes the filter.
func (s *Sellers) Line(i int) SellerLine { return s.list[s.shown[i]] }

// Filter shows only sellers whose name, number or marketplace holds the query.
func (s *Sellers) Filter(query string) {
	s.query, s.shown = query, s.shown[:0]
	query = strings.ToLower(strings.TrimSpace(query))
	for i, l := range s.list {
		if strings.Contains(strings.ToLower(strings.Join([]string{l.Seller.Facts.Name, l.Seller.Facts.ID, l.Seller.Marketplace}, "\n")), query) {
			s.shown = append(s.shown, i)
		}
	}
	changed(s.OnChange)
}

// Open looks at a seller.
func (s *Sellers) Open(id evidence.ID) {
	if s.open != id {
		s.open, s.file = id, nil
	}
	s.files.run(s.b, func(ctx context.Context) func() {
		f, err := s.book.SellerFile(ctx, id)
		return func() {
			if err != nil {
				s.problems.report(T("The seller could not be read."), T("Nothing was changed."), err)
				return
			}
			s.file = &f
			changed(s.OnChange)
		}
	})
	changed(s.OnChange)
}

// Opened is the seller that is looked at, "" if none.
func (s *Sellers) Opened() evidence.ID { return s.open }

// File is the seller that is looked at; nil while it is being read.
func (s *Sellers) File() *SellerFile { return s.file }
