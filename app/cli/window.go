package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

// Window opens the window on a desk and returns when it is closed. market is
// the practice marketplace, which it may offer for a first try.
type Window func(ctx context.Context, d *desk.Desk, market *Market) error

// Market is a practice marketplace that starts when it is first asked for.
type Market struct {
	ctx  context.Context // how long it may run
	desk *desk.Desk

	mu     sync.Mutex
	server *practice.Server
}

// Open starts the marketplace, if it is not running, makes its brand known to
// the desk and signs in to it, and returns the links of listings worth capturing
// there.
func (m *Market) Open(ctx context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		server, err := practice.Start(m.ctx, practice.Config{})
		if err != nil {
			return nil, err
		}
		if _, err := importPracticeBrand(ctx, m.desk, server); err != nil {
			server.Close()
			return nil, err
		}
		m.desk.Allow(server.Addr())
		c := server.Credentials()
		if err := m.desk.SignIn(desk.JointForce{BaseURL: c.BaseURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret, Practice: true}); err != nil {
			server.Close()
			return nil, err
		}
		m.server = server
	}
	var links []string
	for _, o := range m.server.Catalogue() {
		if o.Demo {
			links = append(links, o.URL)
		}
	}
	return links, nil
}

// importPracticeBrand makes the practice brand known to the desk, with its pictures.
func importPracticeBrand(ctx context.Context, d *desk.Desk, s *practice.Server) (f evidence.BrandFile, err error) {
	dir, err := os.MkdirTemp("", "touchstone-practice-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	name := filepath.Join(dir, "brand.json")
	if err := s.WriteBrand(name); err != nil {
		return f, err
	}
	file, err := os.Open(name)
	if err != nil {
		return f, err
	}
	defer file.Close()
	return d.ImportBrand(ctx, name, file)
}

// close stops the marketplace, if it runs.
func (m *Market) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return nil
	}
	return m.server.Close()
}

func (p *Program) openWindow(ctx context.Context) error {
	return p.withDesk(func(d *desk.Desk) error {
		if p.allowPrivate {
			d.AllowPrivate()
		}
		market := &Market{ctx: context.WithoutCancel(ctx), desk: d}
		return errors.Join(p.Window(ctx, d, market), market.close())
	})
}
