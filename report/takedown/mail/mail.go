// Package mail hands one message to the user's own mail server (RFC 5321, 6409),
// once, and judges what came of it: whether anything can have been taken, and
// whether it may be tried again. It is to mail what package wire is to HTTP.
//
// A server takes a message with its reply to the dot that ends it, and not
// before. So whatever goes wrong earlier has sent nothing, and a connection that
// breaks between the dot and the reply leaves the outcome unknown.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/log"
	"github.com/wneessen/go-mail/smtp"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
)

// Security is how the way to a mail server is encrypted.
type Security string

// The ways. None is for a server on this computer only.
const (
	StartTLS Security = "starttls" // begins in the clear and must go on encrypted
	TLS      Security = "tls"      // encrypted from the first byte
	None     Security = "none"
)

// Server is a mail server that takes messages from its user.
type Server struct {
	Host     string
	Port     string
	Security Security
	User     string // empty for a server that asks nobody to sign in
	Password string
	// Token gives an OAuth 2 access token of the user's other than the stale one,
	// with which to sign in by XOAUTH2; nil for a server that takes the password.
	Token    func(ctx context.Context, stale string) (string, error)
	TLS      *tls.Config      // default: the system's roots
	Now      func() time.Time // default time.Now
	Patience time.Duration    // for the whole exchange; default five minutes
}

// Check says what in the settings cannot be used.
func (s *Server) Check() error {
	switch {
	case s.Host == "":
		return errors.New("the mail server has no name")
	case s.Security == None && !wire.Loopback(s.Host):
		return fmt.Errorf("%s: without encryption only a mail server on this computer is used: set smtp_security to starttls or tls", s.Host)
	case s.Security != StartTLS && s.Security != TLS && s.Security != None:
		return fmt.Errorf("smtp_security is %q: want starttls, tls or none", s.Security)
	}
	if _, err := net.LookupPort("tcp", s.Port); err != nil {
		return fmt.Errorf("port %q of the mail server: %w", s.Port, err)
	}
	return nil
}

// Letter is a message and its envelope.
type Letter struct {
	From, To string // addresses
	Message  []byte // whole, with its head, lines ending in CRLF
}

// Exchange is what was said.
type Exchange struct {
	Dialogue []byte // the commands and replies, without credentials and without the message
	At       time.Time
}

const (
	defaultPatience = 5 * time.Minute
	// comeBack is how long after a temporary refusal to try again: those who
	// refuse a stranger's first attempt (greylisting) mostly take it after this.
	comeBack = 5 * time.Minute
	// farewell is how long a server has to say goodbye.
	farewell = 2 * time.Second
)

// Send hands the letter over. Errors: ErrUnreachable, ErrUnknownOutcome, ErrBusy,
// ErrUnauthorised and ErrRefused of package takedown.
func (s *Server) Send(ctx context.Context, l Letter) (Exchange, error) {
	return s.exchange(ctx, func(d *dialogue) error { return d.deliver(l) })
}

// Try signs in and says nothing further. Errors: as of Send.
func (s *Server) Try(ctx context.Context) error {
	_, err := s.exchange(ctx, func(d *dialogue) error { return d.judge("ask the mail server for nothing", d.client.Noop()) })
	return err
}

// exchange connects, signs in and says something. A token that the server no longer
// takes is renewed once: nothing was said before.
func (s *Server) exchange(ctx context.Context, say func(*dialogue) error) (Exchange, error) {
	now := s.Now
	if now == nil {
		now = time.Now
	}
	d := &dialogue{server: s, ctx: ctx, stop: func() bool { return true }}
	err := d.run(say)
	if stale := d.token; stale != "" && errors.Is(err, takedown.ErrUnauthorised) {
		d = &dialogue{server: s, ctx: ctx, stop: func() bool { return true }, stale: stale}
		err = d.run(say)
	}
	return Exchange{Dialogue: d.hide(d.text.Bytes()), At: now().UTC()}, err
}

// dialogue is one connection to a mail server.
type dialogue struct {
	server *Server
	ctx    context.Context
	conn   net.Conn
	client *smtp.Client
	stop   func() bool // of watching the context
	text   bytes.Buffer
	token  string // signed in with; empty where it is the password
	stale  string // a token that was refused
}

func (d *dialogue) run(say func(*dialogue) error) error {
	defer d.close()
	if err := d.open(); err != nil {
		return err
	}
	return say(d)
}

// open connects, encrypts and signs in.
func (d *dialogue) open() error {
	s := d.server
	patience := s.Patience
	if patience == 0 {
		patience = defaultPatience
	}
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(d.ctx, "tcp", net.JoinHostPort(s.Host, s.Port))
	if err != nil {
		return d.unreachable("reach the mail server", err)
	}
	d.conn = conn
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return d.unreachable("reach the mail server", err)
	}
	d.stop = context.AfterFunc(d.ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	if s.Security == TLS {
		d.conn = tls.Client(conn, s.tls())
	}
	if d.client, err = smtp.NewClient(d.conn, s.Host); err != nil {
		return d.judge("be greeted by the mail server", err)
	}
	d.client.SetLogger(d)
	d.client.SetDebugLog(true)
	d.client.SkipSMTPUTF8(true)
	// The literal of this computer names nobody's machine.
	if err := d.client.Hello("[127.0.0.1]"); err != nil {
		return d.judge("greet the mail server", err)
	}
	if s.Security == StartTLS {
		if err := d.encrypt(); err != nil {
			return err
		}
	}
	if s.User == "" {
		return nil
	}
	return d.signIn()
}

func (s *Server) tls() *tls.Config {
	config := &tls.Config{}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	config.ServerName = s.Host
	return config
}

func (d *dialogue) encrypt() error {
	if offered, _ := d.client.Extension("STARTTLS"); !offered {
		return fmt.Errorf("%w: the mail server offers no encryption (STARTTLS), and nothing is said without: look at smtp_port and smtp_security", takedown.ErrUnreachable)
	}
	return d.judge("encrypt the way to the mail server", d.client.StartTLS(d.server.tls()))
}

func (d *dialogue) signIn() error {
	auth, err := d.auth()
	if err != nil {
		return err
	}
	err = d.client.Auth(auth)
	var reply *textproto.Error
	if errors.As(err, &reply) && reply.Code >= 500 {
		return fmt.Errorf("sign in to the mail server: %w (%d %s)", takedown.ErrUnauthorised, reply.Code, d.plain(reply.Msg))
	}
	return d.judge("sign in to the mail server", err)
}

// auth is a way to sign in that both the server and we have.
func (d *dialogue) auth() (smtp.Auth, error) {
	s := d.server
	_, offered := d.client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	switch {
	case s.Token != nil && !slices.Contains(ways, "XOAUTH2"):
		return nil, fmt.Errorf("%w: the mail server takes no OAuth 2 token (it offers %q): empty token_url of the channel, to sign in with a password", takedown.ErrUnauthorised, offered)
	case s.Token != nil:
		var err error
		d.token, err = s.Token(d.ctx, d.stale)
		return smtp.XOAuth2Auth(s.User, d.token), err
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", s.User, s.Password, s.Host, s.Security == None), nil
	case slices.Contains(ways, "LOGIN"):
		return smtp.LoginAuth(s.User, s.Password, s.Host, s.Security == None), nil
	}
	return nil, fmt.Errorf("%w: the mail server takes no password (it offers %q)", takedown.ErrUnauthorised, offered)
}

// deliver says the envelope and the message.
func (d *dialogue) deliver(l Letter) error {
	if _, most := d.client.Extension("SIZE"); most != "" { // RFC 1870; 0 for any size
		if limit, err := strconv.Atoi(most); err == nil && limit > 0 && len(l.Message) > limit {
			return &takedown.RefusedError{Status: 552, Title: fmt.Sprintf("the message has %d bytes, the mail server takes %d", len(l.Message), limit), Advice: advice[552]}
		}
	}
	if err := d.client.Mail("<" + l.From + ">"); err != nil {
		return d.judge("send as "+l.From, err)
	}
	if err := d.client.Rcpt("<" + l.To + ">"); err != nil {
		return d.judge("send to "+l.To, err)
	}
	data, err := d.client.Data()
	if err != nil {
		return d.judge("begin the message", err)
	}
	if _, err := data.Write(l.Message); err != nil {
		d.conn.Close() // without the dot nothing is taken
		return d.unreachable("send the message", err)
	}
	err = data.Close()
	var reply *textproto.Error
	switch {
	case err == nil:
		if taken, ok := data.(*smtp.DataCloser); ok {
			d.note("S: 250 ", taken.ServerResponse())
		}
		return nil
	case errors.As(err, &reply) && reply.Code >= 400:
		d.note("S: ", reply.Error())
		return d.judge("hand the message over", err)
	}
	return fmt.Errorf("%w: the connection to the mail server broke after the message: %w", takedown.ErrUnknownOutcome, d.why(err))
}

// judge is what an error means as long as the message has not ended, or was refused:
// the server has taken nothing.
func (d *dialogue) judge(doing string, err error) error {
	var reply *textproto.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &reply):
		return d.unreachable(doing, err)
	case reply.Code >= 500:
		return fmt.Errorf("%s: %w", doing, &takedown.RefusedError{Status: reply.Code, Title: d.plain(reply.Msg), Advice: advice[reply.Code]})
	case reply.Code >= 400:
		return fmt.Errorf("%s: %d %s: %w", doing, reply.Code, d.plain(reply.Msg), &takedown.BusyError{Status: reply.Code, RetryAfter: comeBack})
	}
	return d.unreachable(doing, err)
}

// advice says what a person can do about the replies that servers refuse with.
var advice = map[int]string{
	530: "the mail server wants a user and password: touchstone channel set xarf smtp_user=NAME, touchstone channel login xarf",
	550: "the address does not exist, or its server refuses yours: look up the abuse contact again",
	552: "the message is too large for the recipient: lower picture_bytes of the channel",
	553: "the mail server does not let you send from this address: set from of the channel to your own",
	554: "the recipient's server refuses the message: ask its postmaster, or file at the provider's web form",
}

func (d *dialogue) unreachable(doing string, err error) error {
	return fmt.Errorf("%s: %w: %w", doing, takedown.ErrUnreachable, d.why(err))
}

// why is the error, or the context's where that ended the dialogue.
func (d *dialogue) why(err error) error {
	if ended := d.ctx.Err(); ended != nil {
		return ended
	}
	return err
}

func (d *dialogue) close() {
	if d.conn == nil {
		return
	}
	d.stop()
	if d.client != nil {
		d.conn.SetDeadline(time.Now().Add(farewell))
		d.client.Quit() // the message is taken or not: a farewell that fails changes nothing
	}
	d.conn.Close()
}

// hide takes the credentials out of a text, also as they are said over the wire.
func (d *dialogue) hide(text []byte) []byte {
	s := d.server
	secrets := []string{s.Password, "\x00" + s.User + "\x00" + s.Password}
	if s.Password == "" {
		secrets = nil
	}
	if d.token != "" {
		secrets = append(secrets, d.token, "user="+s.User+"\x01auth=Bearer "+d.token+"\x01\x01")
	}
	for _, secret := range secrets {
		for _, said := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
			text = bytes.ReplaceAll(text, []byte(said), []byte("[removed]"))
		}
	}
	return text
}

// plain is a reply on one line.
func (d *dialogue) plain(reply string) string {
	return strings.Join(strings.Fields(string(d.hide([]byte(reply)))), " ")
}

func (d *dialogue) note(who, text string) { fmt.Fprintf(&d.text, "%s%s\r\n", who, text) }

// Debugf implements log.Logger: it is how the client tells what is said.
func (d *dialogue) Debugf(l log.Log) {
	who := "S: "
	if l.Direction == log.DirClientToServer {
		who = "C: "
	}
	d.note(who, fmt.Sprintf(l.Format, l.Messages...))
}

// Infof implements log.Logger; the client has nothing to say there.
func (d *dialogue) Infof(log.Log) {}

// Warnf implements log.Logger; the client has nothing to say there.
func (d *dialogue) Warnf(log.Log) {}

// Errorf implements log.Logger; the client has nothing to say there.
func (d *dialogue) Errorf(log.Log) {}
