package takedowntest

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// MailFault is a way for a mail server to fail, once.
type MailFault string

// The faults of a mail server, in the order of a dialogue.
const (
	MailTooBusy    MailFault = "421 for a greeting"
	MailNoTLS      MailFault = "no STARTTLS offered"
	MailGreylists  MailFault = "450 to RCPT: greylisted"
	MailNoSuchUser MailFault = "550 to RCPT: no such user"
	MailDropsEarly MailFault = "reset inside the message"
	MailDropsLate  MailFault = "reset after the message was taken"
	MailHangs      MailFault = "no reply after the message was taken"
	MailHalf       MailFault = "half a reply after the message was taken"
	MailGarbage    MailFault = "garbage for a reply after the message was taken"
	MailFull       MailFault = "452 after the message"
	MailSpam       MailFault = "554 after the message"
)

// The account of a Post.
const (
	PostUser     = "ines@aurelia.example"
	PostPassword = "a-password-for-tests"
)

// Post is a mail server on loopback that speaks SMTP as RFC 5321 and 6409 have it,
// wants its one user to sign in, and keeps what it takes.
type Post struct {
	Host, Port string
	TLS        *tls.Config // for clients: trusts the server
	Login      bool        // offers AUTH LOGIN and not PLAIN
	Plain      bool        // offers no STARTTLS and takes passwords without
	Token      string      // offers XOAUTH2 alone, and takes this token

	listener net.Listener
	config   *tls.Config
	wg       sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]bool
	faults []MailFault
	taken  [][]byte
}

// NewPost serves until the test has ended.
func NewPost(t testing.TB) *Post {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Post{listener: listener, conns: map[net.Conn]bool{}}
	if p.Host, p.Port, err = net.SplitHostPort(listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	p.config, p.TLS = certificate(t)
	p.wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns[conn] = true
			p.mu.Unlock()
			p.wg.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		p.mu.Lock()
		for conn := range p.conns {
			conn.Close()
		}
		p.mu.Unlock()
		p.wg.Wait()
	})
	return p
}

// Plan has the next dialogues fail in these ways, one each.
func (p *Post) Plan(faults ...MailFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, faults...)
}

// Taken are the messages that the server took.
func (p *Post) Taken() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([][]byte(nil), p.taken...)
}

func certificate(t testing.TB) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}

// call is one client's dialogue with the server.
type call struct {
	post   *Post
	fault  MailFault
	conn   net.Conn
	in     *textproto.Reader
	secure bool
	signed bool
	rcpt   bool
}

func (p *Post) serve(conn net.Conn) {
	defer conn.Close()
	p.mu.Lock()
	c := &call{post: p, conn: conn}
	if len(p.faults) > 0 {
		c.fault, p.faults = p.faults[0], p.faults[1:]
	}
	p.mu.Unlock()
	c.in = textproto.NewReader(bufio.NewReader(conn))
	if c.fault == MailTooBusy {
		c.say("421 too many connections, come back later")
		return
	}
	c.say("220 post.example ESMTP")
	for {
		line, err := c.in.ReadLine()
		if err != nil || !c.hear(line) {
			return
		}
	}
}

func (c *call) say(format string, args ...any) { fmt.Fprintf(c.conn, format+"\r\n", args...) }

// hear answers one command; false ends the dialogue.
func (c *call) hear(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		c.greet()
	case "STARTTLS":
		c.say("220 go on")
		conn := tls.Server(c.conn, c.post.config)
		if conn.Handshake() != nil {
			return false
		}
		c.conn, c.in, c.secure = conn, textproto.NewReader(bufio.NewReader(conn)), true
	case "AUTH":
		c.signIn(rest)
	case "MAIL":
		if !c.signed {
			c.say("530 5.7.0 authentication required")
			return true
		}
		c.say("250 ok")
	case "RCPT":
		c.receive()
	case "DATA":
		if !c.rcpt {
			c.say("503 nobody to send to")
			return true
		}
		return c.data()
	case "NOOP", "RSET":
		c.say("250 ok")
	case "QUIT":
		c.say("221 goodbye")
		return false
	default:
		c.say("502 what?")
	}
	return true
}

func (c *call) greet() {
	c.say("250-post.example")
	c.say("250-SIZE 20000000")
	c.say("250-8BITMIME")
	if !c.secure && !c.post.Plain && c.fault != MailNoTLS {
		c.say("250-STARTTLS")
	}
	if c.secure || c.post.Plain {
		way := "PLAIN"
		if c.post.Login {
			way = "LOGIN"
		}
		if c.post.Token != "" {
			way = "XOAUTH2"
		}
		c.say("250-AUTH %s", way)
	}
	c.say("250 HELP")
}

func (c *call) signIn(rest string) {
	decode := func(s string) string { b, _ := base64.StdEncoding.DecodeString(s); return string(b) }
	way, initial, _ := strings.Cut(rest, " ")
	user, password := "", ""
	switch {
	case !c.secure && !c.post.Plain:
		c.say("538 encryption required")
		return
	case strings.EqualFold(way, "XOAUTH2"):
		c.takeToken(decode(initial))
		return
	case strings.EqualFold(way, "PLAIN"):
		parts := strings.Split(decode(initial), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case strings.EqualFold(way, "LOGIN"):
		c.say("334 VXNlcm5hbWU6")
		line, _ := c.in.ReadLine()
		user = decode(line)
		c.say("334 UGFzc3dvcmQ6")
		line, _ = c.in.ReadLine()
		password = decode(line)
	}
	if user != PostUser || password != PostPassword {
		c.say("535 5.7.8 wrong user or password (%s)", password) // servers have been seen to say it back
		return
	}
	c.signed = true
	c.say("235 welcome")
}

// takeToken signs in by XOAUTH2, as developers.google.com/gmail/imap/xoauth2-protocol
// has it: a token that is not good is told in a challenge, which the client answers
// with an empty line.
func (c *call) takeToken(said string) {
	if c.post.Token == "" || said != "user="+PostUser+"\x01auth=Bearer "+c.post.Token+"\x01\x01" {
		c.say("334 %s", base64.StdEncoding.EncodeToString([]byte(`{"status":"401","schemes":"Bearer"}`)))
		c.in.ReadLine()
		c.say("535 5.7.8 token not accepted (%s)", said)
		return
	}
	c.signed = true
	c.say("235 welcome")
}

func (c *call) receive() {
	switch c.fault {
	case MailGreylists:
		c.say("450 4.2.0 greylisted, try again in 300 seconds")
	case MailNoSuchUser:
		c.say("550 5.1.1 no such user here")
	default:
		c.rcpt = true
		c.say("250 ok")
	}
}

// data takes the message, unless it is to be lost or refused.
func (c *call) data() bool {
	c.say("354 end with a dot")
	if c.fault == MailDropsEarly {
		c.in.ReadLine()
		return false
	}
	message, err := c.in.ReadDotBytes()
	if err != nil {
		return false
	}
	switch c.fault {
	case MailFull:
		c.say("452 4.3.1 no room")
		return true
	case MailSpam:
		c.say("554 5.7.1 refused by policy")
		return true
	}
	c.post.mu.Lock()
	c.post.taken = append(c.post.taken, bytes.ReplaceAll(message, []byte("\n"), []byte("\r\n")))
	c.post.mu.Unlock()
	switch c.fault {
	case MailDropsLate:
		return false
	case MailHangs:
		c.in.ReadLine() // until the client gives up
		return false
	case MailHalf:
		fmt.Fprint(c.conn, "250-2.0.0 queu")
		return false
	case MailGarbage:
		c.say("\x00{{<html>")
		return false
	}
	c.say("250 2.0.0 queued as 4711")
	return true
}
